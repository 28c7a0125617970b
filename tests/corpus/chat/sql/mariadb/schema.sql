-- A chat: people, rooms, messages with reactions as JSON.

CREATE TABLE people (
    id integer AUTO_INCREMENT PRIMARY KEY,
    handle varchar(190) NOT NULL UNIQUE,
    profile json NOT NULL,
    last_seen datetime(6),
    muted boolean NOT NULL DEFAULT FALSE
);

CREATE TABLE rooms (
    slug varchar(190) NOT NULL PRIMARY KEY,
    topic text,
    owner_id integer NOT NULL REFERENCES people (id),
    settings json
);

CREATE TABLE members (
    room_slug varchar(190) NOT NULL REFERENCES rooms (slug),
    person_id integer NOT NULL REFERENCES people (id),
    joined_at datetime(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6),
    nick text,
    PRIMARY KEY (room_slug, person_id)
);

CREATE TABLE messages (
    id integer AUTO_INCREMENT PRIMARY KEY,
    room_slug varchar(190) NOT NULL REFERENCES rooms (slug),
    author_id integer REFERENCES people (id),
    answer_to integer REFERENCES messages (id),
    body text NOT NULL,
    reactions json,
    sent_at datetime(6) NOT NULL,
    edited_at datetime(6)
);
