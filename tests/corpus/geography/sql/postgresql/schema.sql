-- Countries, places and borders: schemas of its own, composites, domains, arrays and a search_path.

CREATE SCHEMA geo;
CREATE SCHEMA stats;

CREATE DOMAIN geo.iso AS char(2) CHECK (VALUE ~ '^[A-Za-z0-9 ]*$');
CREATE TYPE geo.continent AS ENUM ('africa', 'america', 'asia', 'europe', 'oceania');
CREATE TYPE geo.coordinate AS (lat double precision, lon double precision);

CREATE TABLE geo.countries (
    code geo.iso PRIMARY KEY,
    name text NOT NULL,
    continent geo.continent,
    languages text[] NOT NULL DEFAULT '{}',
    area numeric(12, 2),
    founded_on date
);

CREATE TABLE geo.places (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    country_code geo.iso NOT NULL REFERENCES geo.countries (code),
    name text NOT NULL,
    "local Name" text,
    at geo.coordinate,
    elevation integer,
    tags text[],
    info jsonb NOT NULL DEFAULT '{}',
    label text GENERATED ALWAYS AS (upper(name)) STORED
);

CREATE TABLE geo.borders (
    a geo.iso NOT NULL REFERENCES geo.countries (code),
    b geo.iso NOT NULL REFERENCES geo.countries (code),
    length numeric(8, 1),
    PRIMARY KEY (a, b)
);

CREATE TABLE stats.populations (
    place_id bigint NOT NULL REFERENCES geo.places (id),
    year integer NOT NULL,
    people bigint NOT NULL,
    PRIMARY KEY (place_id, year)
);

CREATE TABLE notes (
    id serial PRIMARY KEY,
    place_id bigint REFERENCES geo.places (id),
    text text NOT NULL
);

CREATE VIEW stats.latest AS
SELECT DISTINCT ON (place_id) place_id, year, people FROM stats.populations ORDER BY place_id, year DESC;

CREATE MATERIALIZED VIEW stats.totals AS
SELECT p.country_code, sum(s.people) AS people, count(*) AS places
FROM geo.places AS p INNER JOIN stats.populations AS s ON s.place_id = p.id GROUP BY p.country_code;

CREATE FUNCTION geo.distance(a geo.coordinate, b geo.coordinate) RETURNS double precision
LANGUAGE sql AS 'SELECT sqrt(power(a.lat - b.lat, 2) + power(a.lon - b.lon, 2))';
