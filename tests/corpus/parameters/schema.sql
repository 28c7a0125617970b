-- A stock of parts: what parameters are tried on, in every place that can hold one.

CREATE TABLE parts (
    id integer PRIMARY KEY,
    name text NOT NULL UNIQUE,
    note text,
    n integer NOT NULL,
    m integer,
    big bigint NOT NULL,
    price decimal(12, 2) NOT NULL,
    cost decimal(12, 2),
    ratio double precision NOT NULL,
    active boolean NOT NULL,
    pinned boolean,
    day date NOT NULL,
    due date,
    at_time time NOT NULL,
    made_at timestamptz NOT NULL,
    seen_at timestamptz,
    uid uuid NOT NULL,
    doc json NOT NULL,
    extra json,
    raw blob NOT NULL,
    thumb blob
);
