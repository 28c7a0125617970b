-- Queries of other shapes.

-- name: series :many Series
SELECT g.n FROM generate_series(1, CAST(:last AS integer)) AS g (n) LIMIT 20;

-- name: series_days :many SeriesDay
SELECT CAST(g.day AS date) AS day, count(r.id) AS readings
FROM generate_series(CAST(:first AS date), CAST(:first AS date) + 5, INTERVAL '1 day') AS g (day)
LEFT JOIN readings AS r ON r.day = CAST(g.day AS date)
GROUP BY 1 ORDER BY 1;

-- name: lateral_latest :many Latest
SELECT s.station, l.id, l.n FROM (SELECT DISTINCT station FROM readings) AS s
LEFT JOIN LATERAL (
    SELECT r.id, r.n FROM readings AS r WHERE r.station = s.station AND r.n > :over ORDER BY r.at DESC LIMIT 1
) AS l ON TRUE;

-- name: distinct_on :many DistinctOn
SELECT DISTINCT ON (station) station, id, rain FROM readings ORDER BY station, at DESC;

-- name: rollup_of :many Rollup
SELECT station, ok, sum(rain) AS rain, GROUPING(station) AS level FROM readings GROUP BY ROLLUP (station, ok);

-- name: cube_of :many Cube
SELECT station, state, count(*) AS n FROM readings GROUP BY CUBE (station, state);

-- name: sets_of :many Sets
SELECT station, day, max(n) AS most FROM readings GROUP BY GROUPING SETS ((station), (day), ());

-- name: values_of :many ValuesOf
SELECT v.a, v.b FROM (VALUES (1, 'x'), (2, NULL)) AS v (a, b);

-- name: json_rows :many JsonRow
SELECT r.id, e.key, e.value FROM readings AS r, jsonb_each(r.doc) AS e
WHERE jsonb_typeof(r.doc) = 'object';

-- name: json_records :many JsonRecord
SELECT x.a, x.b FROM jsonb_to_recordset('[{"a": 1, "b": "x"}, {"a": 2}]') AS x (a integer, b text);

-- name: function_rows :many FunctionRow
SELECT station, n FROM stations_of(:wanted);

-- name: function_pair :one FunctionPair
SELECT a, b FROM pair_of();

-- name: set_in_list :many SetInList
SELECT id, unnest(tags) AS tag FROM readings;

-- name: regexp_rows :many RegexpRow
SELECT r.id, w.found[1] AS word FROM readings AS r, regexp_matches(r.station, '([a-z]+)', 'g') AS w (found);

-- name: recursive :many Recursive
WITH RECURSIVE t (n, path) AS (
    SELECT 1, ARRAY[1]
    UNION ALL
    SELECT t.n + 1, t.path || (t.n + 1) FROM t WHERE t.n < :depth
)
SELECT n, path FROM t LIMIT 20;

-- name: modifying :many Modified
WITH gone AS (DELETE FROM readings WHERE n < :below RETURNING id, station)
SELECT g.id, g.station FROM gone AS g;

-- name: for_update :maybe Locked
SELECT id, station FROM readings WHERE id = :id FOR UPDATE SKIP LOCKED;

-- name: sampled :many Sampled
SELECT id FROM readings TABLESAMPLE BERNOULLI (50);

-- name: with_ties :many Tied
SELECT id, n FROM readings ORDER BY n FETCH FIRST 2 ROWS WITH TIES;

-- name: inserted :one Inserted
INSERT INTO readings
    (station, code, n, small, big, temp, rain, ok, day, at_time, local_at, at, lasted, uid, doc, host, state, tags, span)
VALUES
    (:station, :code, :n, :small, :big, :temp, :rain, :ok, :day, :at_time, :local_at, :at, :lasted, :uid, :doc, :host,
    :state, :tags, int4range(1, 2))
RETURNING id, day, at, lasted, uid, doc, host, state, tags;

-- name: explain_analyse :many
EXPLAIN SELECT id FROM readings WHERE n = :n;
