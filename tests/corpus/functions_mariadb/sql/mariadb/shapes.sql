-- Queries of other shapes.

-- name: rollup_of :many Rollup
SELECT name, sum(n) AS total FROM items GROUP BY name WITH ROLLUP;

-- name: json_rows :many JsonRow
SELECT i.id, j.a, j.place FROM items AS i,
    JSON_TABLE(i.doc, '$[*]' COLUMNS (place FOR ORDINALITY, a varchar(20) PATH '$')) AS j;

-- name: recursive :many Recursive
WITH RECURSIVE t (n) AS (SELECT 1 UNION ALL SELECT t.n + 1 FROM t WHERE t.n < LEAST(:depth, 20))
SELECT n FROM t;

-- name: values_of :many ValuesOf
SELECT v.a FROM (SELECT 1 AS a UNION ALL SELECT NULL) AS v;

-- name: except_of :many ExceptOf
SELECT n FROM items EXCEPT SELECT m FROM items;

-- name: variable :one Variable
SELECT @@session.sql_mode AS mode, @@version AS version, @@max_connections AS most;

-- name: sequence_rows :many SequenceRow
SELECT seq FROM seq_1_to_5 WHERE seq > :over;

-- name: locked :maybe Locked
SELECT id, name FROM items WHERE id = :id FOR UPDATE;

-- name: explained :many
EXPLAIN SELECT id FROM items WHERE n = :n;
