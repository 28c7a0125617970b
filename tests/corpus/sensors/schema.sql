-- Sensors in a building and what they measure.

CREATE TABLE rooms (
    id integer PRIMARY KEY,
    name text NOT NULL UNIQUE,
    floor smallint,
    area double precision
);

CREATE TABLE sensors (
    id integer PRIMARY KEY,
    room_id integer REFERENCES rooms (id),
    serial uuid NOT NULL UNIQUE,
    kind text NOT NULL DEFAULT 'temperature',
    settings json,
    firmware blob,
    online boolean NOT NULL DEFAULT TRUE,
    installed_on date NOT NULL,
    reports_at time
);

CREATE TABLE measurements (
    sensor_id integer NOT NULL REFERENCES sensors (id),
    taken_at timestamptz NOT NULL,
    value_ double precision NOT NULL,
    quality smallint,
    PRIMARY KEY (sensor_id, taken_at)
);

CREATE TABLE alarms (
    id integer PRIMARY KEY,
    sensor_id integer NOT NULL REFERENCES sensors (id),
    raised_at timestamp NOT NULL,
    cleared_at timestamp,
    level_ integer NOT NULL CHECK (level_ BETWEEN 1 AND 5)
);
