-- Parameters in many places.

-- name: place_1 :many scalar
SELECT CASE WHEN :flag THEN :name ELSE name END AS v FROM people;

-- name: place_2 :many scalar
SELECT CASE :x WHEN 'a' THEN 1 ELSE 2 END AS v FROM people;

-- name: place_3 :many scalar
SELECT CASE name WHEN :x THEN :y ELSE age END AS v FROM people;

-- name: place_4 :many scalar
SELECT CASE WHEN :flag THEN :born ELSE born END AS v FROM people;

-- name: place_5 :many scalar
SELECT CASE WHEN :flag THEN :price ELSE price END AS v FROM people;

-- name: place_6 :many scalar
SELECT CASE WHEN :flag THEN active ELSE :other END AS v FROM people;

-- name: place_7 :many scalar
SELECT coalesce(:x, name) AS v FROM people;

-- name: place_8 :many scalar
SELECT coalesce(nick, :x) AS v FROM people;

-- name: place_9 :many scalar
SELECT coalesce(age, :x) AS v FROM people;

-- name: place_10 :many scalar
SELECT coalesce(score, :x) AS v FROM people;

-- name: place_11 :many scalar
SELECT coalesce(born, :x) AS v FROM people;

-- name: place_12 :many scalar
SELECT nullif(:x, name) AS v FROM people;

-- name: place_13 :many scalar
SELECT nullif(name, :x) AS v FROM people;

-- name: place_16 :many scalar
SELECT :name AS v FROM people WHERE name = :name;

-- name: place_17 :many scalar
SELECT :age AS v FROM people WHERE age > :age;

-- name: place_18 :many
SELECT :born AS v, born FROM people WHERE born = :born;

-- name: place_19 :many scalar
SELECT :price AS v FROM people WHERE price = :price;

-- name: place_20 :many scalar
SELECT :flag AS v FROM people WHERE active = :flag;

-- name: place_21 :many scalar
SELECT v FROM (SELECT :x AS v, id FROM people WHERE name = :x) AS t;

-- name: place_22 :many scalar
WITH t AS (SELECT coalesce(:x, nick) AS v FROM people) SELECT v FROM t;

-- name: place_23 :many scalar
SELECT name AS v FROM people UNION SELECT :x WHERE :x = 'a';

-- name: place_24 :many scalar
SELECT coalesce((SELECT age FROM people WHERE id = :i), 0) AS v;
