-- Parameters with MariaDB's casts and functions.

-- name: cast_each :one MaCastEach
SELECT
    CAST(:a AS signed) AS a, CAST(:b AS char) AS b, CAST(:c AS decimal(10, 2)) AS c, CAST(:d AS date) AS d,
    CAST(:e AS datetime) AS e, CAST(:f AS double) AS f, CAST(:g AS time) AS g;

-- name: functions :one MaFunctions
SELECT concat(:a, '-', :b) AS joined, lpad(:c, :n, '*') AS padded, IF(:flag, 'y', 'n') AS word, IFNULL(:x, 'none') AS shown;

-- name: interval_plus :many MaInterval
SELECT id, day + INTERVAL :days DAY AS later, date_sub(made_at, INTERVAL :hours HOUR) AS earlier FROM parts;

-- name: date_format_ :many MaFormat
SELECT id, date_format(day, :format) AS shown FROM parts;

-- name: json_get :many MaJson
SELECT id, json_value(doc, :path) AS value, json_extract(doc, :path) AS item FROM parts;

-- name: greatest_ :many MaGreatest
SELECT id, GREATEST(n, :x) AS most, LEAST(day, :d) AS first_day FROM parts;

-- name: found_in_set :many MaPartId
SELECT id FROM parts WHERE FIND_IN_SET(name, :names) OR FIELD(name, :a, :b) > 0;

-- name: regexp_ :many MaPartId
SELECT id FROM parts WHERE name REGEXP :pattern OR note RLIKE :other;

-- name: null_safe :many MaPartId
SELECT id FROM parts WHERE m <=> :m AND note <=> :note;
