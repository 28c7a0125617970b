-- A column of every type of PostgreSQL's manual, chapter 8, and of types that a schema makes itself.

CREATE TYPE mood AS ENUM ('sad', 'ok', 'it''s fine', 'very happy');
CREATE TYPE address AS (street text, number integer, zip varchar(10));
CREATE DOMAIN positive AS integer CHECK (VALUE > 0);
CREATE DOMAIN email AS text CHECK (VALUE LIKE '%@%' OR VALUE = '');
CREATE DOMAIN must AS text NOT NULL;
CREATE DOMAIN ids AS integer[];
CREATE TYPE float_range AS RANGE (subtype = float8, subtype_diff = float8mi);

CREATE TABLE numbers (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    small smallint NOT NULL,
    int_ integer NOT NULL,
    big bigint NOT NULL,
    dec_ decimal NOT NULL,
    num numeric(20, 4) NOT NULL,
    whole numeric(30, 0),
    single real NOT NULL,
    double_ double precision NOT NULL,
    cash money,
    object_id oid
);

CREATE TABLE texts (
    id serial PRIMARY KEY,
    free text NOT NULL,
    var varchar NOT NULL,
    var_n varchar(400) NOT NULL,
    fixed char(3) NOT NULL,
    bp bpchar,
    system_name name,
    one "char",
    bytes_ bytea NOT NULL,
    xml_ xml,
    search tsvector,
    query tsquery
);

CREATE TABLE moments (
    id serial PRIMARY KEY,
    day date NOT NULL,
    at_time time NOT NULL,
    at_time_3 time(3),
    at_zone timetz,
    stamp timestamp NOT NULL,
    stamp_0 timestamp(0),
    instant timestamptz NOT NULL,
    lasts interval NOT NULL,
    lasts_days interval DAY TO SECOND
);

CREATE TABLE others (
    id serial PRIMARY KEY,
    flag boolean NOT NULL,
    maybe_flag boolean,
    uid uuid NOT NULL,
    json_ json NOT NULL,
    jsonb_ jsonb NOT NULL,
    jsonb_null jsonb,
    host inet NOT NULL,
    net cidr NOT NULL,
    mac macaddr,
    mac8 macaddr8,
    bits bit(3),
    varbits bit varying(8),
    lsn pg_lsn
);

CREATE TABLE shapes (
    id serial PRIMARY KEY,
    p point,
    l line,
    s lseg,
    b box,
    pa path,
    po polygon,
    c circle
);

CREATE TABLE own_types (
    id serial PRIMARY KEY,
    feeling mood NOT NULL,
    maybe_feeling mood,
    place address,
    count_ positive NOT NULL,
    mail email,
    needed must,
    list_ ids,
    span int4range NOT NULL,
    span8 int8range,
    spann numrange,
    days daterange,
    stamps tsrange,
    instants tstzrange,
    floats float_range,
    many int4multirange
);

CREATE TABLE arrays (
    id serial PRIMARY KEY,
    ints integer[] NOT NULL,
    bigs bigint[],
    texts text[] NOT NULL,
    vars varchar(400)[],
    nums numeric[],
    doubles double precision[],
    bools boolean[],
    days date[],
    stamps timestamptz[],
    uids uuid[],
    moods mood[],
    mails email[],
    places address[],
    docs jsonb[],
    blobs bytea[],
    hosts inet[],
    grid integer[][],
    lasts interval[],
    times time[]
);
