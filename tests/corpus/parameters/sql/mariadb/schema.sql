-- A stock of parts: what parameters are tried on, in every place that can hold one.

CREATE TABLE parts (
    id integer AUTO_INCREMENT PRIMARY KEY,
    name varchar(190) NOT NULL UNIQUE,
    note text,
    n integer NOT NULL,
    m integer,
    big bigint NOT NULL,
    price decimal(12, 2) NOT NULL,
    cost decimal(12, 2),
    ratio double NOT NULL,
    active boolean NOT NULL,
    pinned boolean,
    day date NOT NULL,
    due date,
    at_time time(6) NOT NULL,
    made_at datetime(6) NOT NULL,
    seen_at datetime(6),
    uid uuid NOT NULL,
    doc json NOT NULL,
    extra json,
    raw longblob NOT NULL,
    thumb longblob
);
