-- Parameters in many places.

-- name: place_1 :many scalar
SELECT CAST(:x AS signed) AS v;

-- name: place_2 :many scalar
SELECT CAST(:x AS unsigned) AS v;

-- name: place_3 :many scalar
SELECT CAST(:x AS char(10)) AS v;

-- name: place_4 :many scalar
SELECT CAST(:x AS decimal(10, 2)) AS v;

-- name: place_5 :many scalar
SELECT CAST(:x AS date) AS v;

-- name: place_6 :many scalar
SELECT if(:f, :a, name) AS v FROM people;

-- name: place_7 :many scalar
SELECT greatest(age, :x) AS v FROM people;

-- name: place_8 :many scalar
SELECT left(name, :n) AS v FROM people;

-- name: place_9 :many scalar
SELECT lpad(name, :n, :p) AS v FROM people;

-- name: place_10 :many scalar
SELECT locate(:s, name, :n) AS v FROM people;

-- name: place_11 :many scalar
SELECT substring_index(name, :d, :n) AS v FROM people;

-- name: place_12 :many scalar
SELECT concat(:a, name) AS v FROM people;

-- name: place_13 :many scalar
SELECT concat_ws(:s, name, nick) AS v FROM people;

-- name: place_14 :many scalar
SELECT year(:d) AS v;

-- name: place_15 :many scalar
SELECT date_format(seen, :f) AS v FROM people;

-- name: place_16 :many scalar
SELECT id FROM people WHERE seen > date_add(born, INTERVAL :n DAY);
