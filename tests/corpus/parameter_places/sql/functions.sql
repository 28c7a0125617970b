-- Parameters in many places.

-- name: place_1 :many scalar
SELECT age + :x AS v FROM people;

-- name: place_2 :many scalar
SELECT :x + age AS v FROM people;

-- name: place_3 :many scalar
SELECT price * :x AS v FROM people;

-- name: place_4 :many scalar
SELECT score / :x AS v FROM people;

-- name: place_5 :many scalar
SELECT age % :x AS v FROM people;

-- name: place_6 :many scalar
SELECT lower(:x) AS v;

-- name: place_7 :many scalar
SELECT length(:x) AS v;

-- name: place_8 :many scalar
SELECT replace(name, :x, :y) AS v FROM people;

-- name: place_9 :many scalar
SELECT replace(:x, 'a', :y) AS v;

-- name: place_10 :many scalar
SELECT substr(name, :a, :b) AS v FROM people;

-- name: place_11 :many scalar
SELECT substr(:x, 1, :b) AS v;

-- name: place_12 :many scalar
SELECT round(score, :n) AS v FROM people;

-- name: place_13 :many scalar
SELECT round(price, :n) AS v FROM people;

-- name: place_14 :many scalar
SELECT instr(name, :x) AS v FROM people;

-- name: place_15 :many scalar
SELECT name || :x AS v FROM people;

-- name: place_16 :many scalar
SELECT :x || :y AS v FROM people;

-- name: place_17 :many scalar
SELECT abs(:x - age) AS v FROM people;

-- name: place_18 :many scalar
SELECT json_extract(doc, :p) AS v FROM people;

-- name: place_19 :many scalar
SELECT ntile(:n) OVER (ORDER BY id) AS v FROM people;

-- name: place_20 :many scalar
SELECT sum(CASE WHEN age > :a THEN :b ELSE 0 END) AS v FROM people;

-- name: place_21 :many scalar
SELECT sum(age > :a) AS v FROM people;
