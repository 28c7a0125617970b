-- Parameters with SQLite's casts and functions.

-- name: cast_each :one LiCastEach
SELECT CAST(:a AS integer) AS a, CAST(:b AS text) AS b, CAST(:c AS real) AS c, CAST(:d AS blob) AS d;

-- name: functions :one LiFunctions
SELECT printf('%s-%d', :a, :b) AS joined, iif(:flag, 'y', 'n') AS word, ifnull(:x, 'none') AS shown, max(:p, 3) AS most;

-- name: dates :many LiDates
SELECT id, date(day, :modifier) AS later, strftime(:format, made_at) AS shown FROM parts;

-- name: json_get :many LiJson
SELECT id, json_extract(doc, :path) AS value, doc ->> :key AS item FROM parts;

-- name: is_ :many LiPartId
SELECT id FROM parts WHERE m IS :m AND note IS NOT :note;

-- name: glob_ :many LiPartId
SELECT id FROM parts WHERE name GLOB :pattern;

-- name: each_of :many LiEach
SELECT j.value, j.type FROM json_each(:list) AS j;
