-- A chat: people, rooms, messages with reactions as JSON.

CREATE TABLE people (
    id integer PRIMARY KEY,
    handle text NOT NULL UNIQUE,
    profile json NOT NULL,
    last_seen timestamptz,
    muted boolean NOT NULL DEFAULT FALSE
);

CREATE TABLE rooms (
    slug text NOT NULL PRIMARY KEY,
    topic text,
    owner_id integer NOT NULL REFERENCES people (id),
    settings json
);

CREATE TABLE members (
    room_slug text NOT NULL REFERENCES rooms (slug),
    person_id integer NOT NULL REFERENCES people (id),
    joined_at timestamptz NOT NULL DEFAULT CURRENT_TIMESTAMP,
    nick text,
    PRIMARY KEY (room_slug, person_id)
);

CREATE TABLE messages (
    id integer PRIMARY KEY,
    room_slug text NOT NULL REFERENCES rooms (slug),
    author_id integer REFERENCES people (id),
    answer_to integer REFERENCES messages (id),
    body text NOT NULL,
    reactions json,
    sent_at timestamptz NOT NULL,
    edited_at timestamptz
);
