-- Parameters in many places.

-- name: place_1 :many scalar
SELECT id FROM people ORDER BY id LIMIT :n OFFSET :m;

-- name: place_2 :many scalar
SELECT name LIKE :p AS v FROM people;

-- name: place_3 :many scalar
SELECT age BETWEEN :a AND :b AS v FROM people;

-- name: place_4 :many scalar
SELECT :x BETWEEN id AND age AS v FROM people;

-- name: place_5 :many scalar
SELECT (id, name) < (:i, :n) AS v FROM people;

-- name: place_6 :many scalar
SELECT (id, name) IN ((:i, :n)) AS v FROM people;

-- name: place_7 :many scalar
SELECT id FROM people WHERE id IN (:ids);

-- name: place_8 :many scalar
SELECT id FROM people WHERE lower(name) IN (:names);

-- name: place_9 :many scalar
SELECT id FROM people WHERE age + 1 IN (:ages);

-- name: place_10 :many scalar
SELECT id FROM people WHERE born IN (:days);

-- name: place_11 :many scalar
SELECT name IN (:names) AS v FROM people;

-- name: place_12 :many scalar
SELECT count(*) AS v FROM people HAVING count(*) >= :n;

-- name: place_13 :many scalar
SELECT exists(SELECT 1 FROM people WHERE id = :i) AS v;

-- name: place_14 :many scalar
SELECT id FROM people WHERE active = :f;

-- name: place_15 :many scalar
SELECT id FROM people WHERE :f AND active;

-- name: place_16 :many scalar
SELECT id FROM people WHERE NOT :f OR id = 1;

-- name: place_17 :many scalar
SELECT id FROM people WHERE CASE WHEN :f THEN active ELSE 1 END;

-- name: place_18 :many scalar
SELECT id FROM people WHERE born >= :since AND seen < :until;

-- name: place_19 :many scalar
SELECT id FROM people WHERE age & :mask = :bits;

-- name: place_20 :many scalar
SELECT id FROM people ORDER BY CASE WHEN :sort = 'name' THEN name END, CASE WHEN :sort = 'age' THEN age END;

-- name: place_21 :affected
UPDATE people SET age = age + :x, name = coalesce(:n, name) WHERE id = :i;

-- name: place_22 :affected
UPDATE people SET nick = CASE WHEN :f THEN :n ELSE nick END WHERE id = :i;

-- name: place_23 :many
INSERT INTO people (name, age, price, born) VALUES (lower(:n), :a + 1, :p, :b) RETURNING id, name, age, price, born;
