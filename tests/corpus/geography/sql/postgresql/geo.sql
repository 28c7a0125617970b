-- Places.

-- name: country :maybe Country
SELECT code, name, continent, languages, area, founded_on FROM geo.countries WHERE code = :code;

-- name: add_country :one Country
INSERT INTO geo.countries (code, name, continent, languages, area, founded_on)
VALUES (:code, :name, :continent, :languages, :area, :founded_on)
RETURNING code, name, continent, languages, area, founded_on;

-- name: places_of :many Place
SELECT id, country_code, name, elevation, tags, info, label FROM geo.places WHERE country_code = :country_code;

-- name: add_place :one Place
INSERT INTO geo.places (country_code, name, elevation, tags, info, at)
VALUES (:country_code, :name, :elevation, :tags, :info, ROW(:lat, :lon))
RETURNING id, country_code, name, elevation, tags, info, label;

-- name: coordinates :many Coordinate
SELECT id, (at).lat AS lat, (at).lon AS lon, at FROM geo.places;

-- name: local_names :many LocalName
SELECT id, "local Name" AS local_name FROM geo.places;

-- name: distances :many Distance
SELECT a.id, b.id AS other_id, geo.distance(a.at, b.at) AS distance FROM geo.places AS a
INNER JOIN geo.places AS b ON b.id > a.id;

-- name: populations :many Population
SELECT p.id, p.name, l.year, l.people FROM geo.places AS p LEFT JOIN stats.latest AS l ON l.place_id = p.id;

-- name: totals :many Totals
SELECT t.country_code, t.people, t.places, c.name FROM stats.totals AS t
LEFT JOIN geo.countries AS c ON c.code = t.country_code;

-- name: speaking :many CountryCode
SELECT code FROM geo.countries WHERE :language = ANY (languages);

-- name: speaking_all :many CountryCode
SELECT code FROM geo.countries WHERE languages @> :languages;

-- name: add_language :affected
UPDATE geo.countries SET languages = array_append(languages, :language) WHERE code = :code;

-- name: on_continents :many CountryCode
SELECT code FROM geo.countries WHERE continent = ANY (:continents);

-- name: languages_all :many LanguageCount
SELECT l.language, count(*) AS n FROM geo.countries AS c, unnest(c.languages) AS l (language) GROUP BY l.language;

-- name: neighbours :many Neighbour
SELECT c.code, c.name, b.length FROM geo.countries AS c
INNER JOIN geo.borders AS b ON (b.a = c.code AND b.b = :code) OR (b.b = c.code AND b.a = :code);

-- name: reachable :many scalar
WITH RECURSIVE r (code, depth) AS (
    SELECT c.code, 0 FROM geo.countries AS c WHERE c.code = :code
    UNION
    SELECT b.b, r.depth + 1 FROM geo.borders AS b INNER JOIN r ON r.code = b.a WHERE r.depth < 3
)
SELECT code FROM r;

-- name: count_people :affected
INSERT INTO stats.populations (place_id, year, people) VALUES (:place_id, :year, :people)
ON CONFLICT (place_id, year) DO UPDATE SET people = excluded.people;

-- name: merge_people :affected
MERGE INTO stats.populations AS s
USING (SELECT p.id, CAST(:year AS integer) AS year FROM geo.places AS p) AS v ON s.place_id = v.id AND s.year = v.year
WHEN MATCHED THEN UPDATE SET people = s.people + 1
WHEN NOT MATCHED THEN INSERT (place_id, year, people) VALUES (v.id, v.year, :people);

-- name: growth :many Growth
SELECT place_id, year, people - lag(people) OVER w AS more, first_value(people) OVER w AS first_people
FROM stats.populations WINDOW w AS (PARTITION BY place_id ORDER BY year);

-- name: rollup :many Rollup
SELECT p.country_code, p.name, sum(s.people) AS people, GROUPING(p.country_code, p.name) AS level
FROM geo.places AS p INNER JOIN stats.populations AS s ON s.place_id = p.id
GROUP BY ROLLUP (p.country_code, p.name);

-- name: noted :many Noted
SELECT n.id, n.text, p.name FROM notes AS n LEFT JOIN geo.places AS p ON p.id = n.place_id;

-- name: note :one NoteRow
INSERT INTO notes (place_id, text) VALUES (:place_id, :text) RETURNING id, place_id, text;

-- name: star :many NoteStar
SELECT * FROM notes WHERE id = :id;

-- name: star_of_schema :many BorderStar
SELECT b.* FROM geo.borders AS b;

-- name: named_places :many NamedPlaces
SELECT c.code, array_agg(p.name ORDER BY p.name) AS names, array_agg(p.elevation) AS elevations,
    jsonb_agg(p.info) AS infos, string_agg(p.name, ', ') AS joined
FROM geo.countries AS c LEFT JOIN geo.places AS p ON p.country_code = c.code GROUP BY c.code;

-- name: highest_each :many Highest
SELECT c.code, h.name, h.elevation FROM geo.countries AS c
LEFT JOIN LATERAL (
    SELECT p.name, p.elevation FROM geo.places AS p WHERE p.country_code = c.code
    ORDER BY p.elevation DESC NULLS LAST LIMIT 1
) AS h ON TRUE;

-- name: tagged :many Place
SELECT id, country_code, name, elevation, tags, info, label FROM geo.places WHERE tags && :tags AND info ? :key;

-- name: retag :many Retagged
UPDATE geo.places SET tags = :tags WHERE id = :id RETURNING id, tags, cardinality(tags) AS n;

-- name: coded :many CodedPlace
SELECT p.id, CAST(p.country_code AS text) AS code, p.country_code || '-' || p.name AS title FROM geo.places AS p;
