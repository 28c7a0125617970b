-- Parameters with PostgreSQL's casts and types.

-- name: cast_each :one CastEach
SELECT
    CAST(:a AS integer) AS a, CAST(:b AS text) AS b, CAST(:c AS numeric(10, 2)) AS c, CAST(:d AS date) AS d,
    CAST(:e AS timestamptz) AS e, CAST(:f AS boolean) AS f, CAST(:g AS uuid) AS g, CAST(:h AS jsonb) AS h,
    CAST(:i AS interval) AS i, CAST(:j AS integer[]) AS j, CAST(:k AS inet) AS k, CAST(:l AS bytea) AS l;

-- name: spaced_cast :one SpacedCast
SELECT :x ::text AS x;

-- name: any_array :many PgPartId
SELECT id FROM parts WHERE n = ANY (:numbers) AND name <> ALL (:names);

-- name: array_constructor :one ArrayConstructor
SELECT ARRAY[CAST(:a AS text), CAST(:b AS text)] AS words;

-- name: interval_plus :many IntervalPlus
SELECT id, made_at + :lasts AS until, day + :days AS later FROM parts;

-- name: extracted :many Extracted
SELECT id, EXTRACT(YEAR FROM day) = :year AS same FROM parts;

-- name: fetch_first :many PgPartId
SELECT id FROM parts ORDER BY id OFFSET :skip ROWS FETCH FIRST :n ROWS ONLY;

-- name: json_get :many JsonGet
SELECT id, doc ->> :key AS value, doc -> CAST(:place AS integer) AS item FROM parts;

-- name: json_has :many PgPartId
SELECT id FROM parts WHERE doc ? :key OR doc @> :part;

-- name: json_set :affected
UPDATE parts SET doc = jsonb_set(doc, ARRAY[CAST(:key AS text)], to_jsonb(CAST(:value AS integer))) WHERE id = :id;

-- name: ilike :many PgPartId
SELECT id FROM parts WHERE name ILIKE :pattern OR name ~ :regex OR name SIMILAR TO :similar;

-- name: functions :one Functions
SELECT
    concat(CAST(:a AS text), '-', CAST(:b AS integer)) AS joined, lpad(:c, :n, '*') AS padded,
    make_date(:y, :mo, :d) AS day, to_char(CAST(:x AS numeric), '999') AS shown, generate_series(1, :last) AS i LIMIT 20;

-- name: row_compare :many PgPartId
SELECT id FROM parts WHERE (n, price, day) >= (:n, :price, :day);

-- name: greatest :many Greatest
SELECT id, GREATEST(n, :x) AS most, LEAST(day, :d) AS first FROM parts;

-- name: date_trunc_ :many DateTrunc
SELECT id, date_trunc(:unit, made_at) AS at FROM parts;

-- name: values_table :many ValuesTable
SELECT v.a, v.b FROM (VALUES (CAST(:a AS integer), CAST(:b AS text)), (2, NULL)) AS v (a, b);

-- name: lateral_limit :many LateralLimit
SELECT p.id, l.id AS other_id FROM parts AS p
CROSS JOIN LATERAL (SELECT x.id FROM parts AS x WHERE x.n > p.n ORDER BY x.n LIMIT :each) AS l;

-- name: at_zone :many AtZone
SELECT id, made_at AT TIME ZONE :zone AS local_at FROM parts;
