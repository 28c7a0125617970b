-- A diary of measurements, with a column of each kind that SQLite programs declare.

CREATE TABLE entries (
    id integer PRIMARY KEY,
    title text NOT NULL,
    body text,
    tags text NOT NULL DEFAULT '',
    score integer NOT NULL,
    rank integer,
    big bigint,
    small smallint,
    ratio real NOT NULL,
    weight double precision,
    price numeric(10, 2) NOT NULL,
    discount decimal(5, 2),
    active boolean NOT NULL,
    pinned boolean,
    on_day date NOT NULL,
    due date,
    at_time time,
    written_at timestamp NOT NULL,
    seen_at timestamptz,
    code varchar(8),
    raw blob NOT NULL,
    photo blob,
    doc json NOT NULL,
    extra json,
    uid uuid NOT NULL,
    anything
);

CREATE TABLE strict_entries (
    id integer PRIMARY KEY,
    n integer NOT NULL,
    r real,
    t text NOT NULL,
    b blob,
    x any
) STRICT;

CREATE TABLE plain_keys (
    name text PRIMARY KEY,
    n integer DEFAULT 7
) WITHOUT ROWID;

CREATE TABLE pairs (
    left_id integer NOT NULL REFERENCES entries (id),
    right_id integer REFERENCES entries (id),
    kind text NOT NULL DEFAULT 'see',
    score integer GENERATED ALWAYS AS (left_id * 10) VIRTUAL,
    label text GENERATED ALWAYS AS (kind || ':' || left_id) STORED,
    PRIMARY KEY (left_id, kind)
);

CREATE VIEW open_entries AS SELECT id, title, due, price * 2 AS double_price FROM entries WHERE active;
