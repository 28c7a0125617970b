-- Sensors in a building and what they measure.

CREATE TABLE rooms (
    id integer AUTO_INCREMENT PRIMARY KEY,
    name varchar(190) NOT NULL UNIQUE,
    floor smallint,
    area double
);

CREATE TABLE sensors (
    id integer AUTO_INCREMENT PRIMARY KEY,
    room_id integer REFERENCES rooms (id),
    serial uuid NOT NULL UNIQUE,
    kind varchar(190) NOT NULL DEFAULT 'temperature',
    settings json,
    firmware longblob,
    online boolean NOT NULL DEFAULT TRUE,
    installed_on date NOT NULL,
    reports_at time(6)
);

CREATE TABLE measurements (
    sensor_id integer NOT NULL REFERENCES sensors (id),
    taken_at datetime(6) NOT NULL,
    value_ double NOT NULL,
    quality smallint,
    PRIMARY KEY (sensor_id, taken_at)
);

CREATE TABLE alarms (
    id integer AUTO_INCREMENT PRIMARY KEY,
    sensor_id integer NOT NULL REFERENCES sensors (id),
    raised_at datetime(6) NOT NULL,
    cleared_at datetime(6),
    level_ integer NOT NULL CHECK (level_ BETWEEN 1 AND 5)
);
