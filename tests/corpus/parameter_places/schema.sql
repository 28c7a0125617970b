CREATE TABLE people (
    id integer NOT NULL CONSTRAINT people_pkey PRIMARY KEY,
    name text NOT NULL,
    nick text,
    age integer,
    score real,
    price numeric(10, 2) NOT NULL DEFAULT 0,
    active boolean NOT NULL DEFAULT TRUE,
    born date,
    seen datetime,
    doc json,
    raw blob
);
