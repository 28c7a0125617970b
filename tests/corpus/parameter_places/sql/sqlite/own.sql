-- Parameters in many places.

-- name: place_1 :many scalar
SELECT CAST(:x AS integer) AS v;

-- name: place_2 :many scalar
SELECT CAST(:x AS text) AS v;

-- name: place_3 :many scalar
SELECT CAST(:x AS real) AS v;

-- name: place_4 :many scalar
SELECT CAST(:x AS numeric) AS v;

-- name: place_5 :many scalar
SELECT CAST(:x AS blob) AS v;

-- name: place_6 :many scalar
SELECT CAST(:x AS boolean) AS v;

-- name: place_7 :many scalar
SELECT CAST(:x AS date) AS v;

-- name: place_8 :many scalar
SELECT trim(name, :x) AS v FROM people;

-- name: place_9 :many scalar
SELECT date(:x) AS v;

-- name: place_10 :many scalar
SELECT date(born, :m) AS v FROM people;

-- name: place_11 :many scalar
SELECT strftime(:f, born) AS v FROM people;

-- name: place_12 :many scalar
SELECT doc ->> :p AS v FROM people;

-- name: place_13 :many scalar
SELECT iif(:f, :a, name) AS v FROM people;

-- name: place_14 :many scalar
SELECT iif(:f, score, :a) AS v FROM people;

-- name: place_15 :many scalar
SELECT max(age, :x) AS v FROM people;

-- name: place_16 :many scalar
SELECT min(name, :x) AS v FROM people;

-- name: place_17 :many scalar
SELECT group_concat(name, :s) AS v FROM people;

-- name: place_18 :many scalar
SELECT printf('%s', :x) AS v FROM people WHERE name = :x;

-- name: place_19 :many scalar
SELECT zeroblob(:n) AS v;

-- name: place_20 :many scalar
SELECT hex(raw) = :h AS v FROM people;

-- name: place_21 :many scalar
SELECT json_object('k', :x) AS v FROM people WHERE name = :x;

-- name: place_22 :many scalar
SELECT typeof(:x) AS v FROM people WHERE age = :x;

-- name: lag_text :many scalar
SELECT lag(name, :n, :d) OVER (ORDER BY id) AS v FROM people;

-- name: lag_number :many scalar
SELECT lag(age, 1, :d) OVER (ORDER BY id) AS v FROM people;
