-- Statements on which the engines disagree, one a statement, and why.

-- name: nulls_first :many scalar
-- order of NULLs
SELECT id FROM items ORDER BY amount, id;

-- name: nulls_first_desc :many scalar
-- order of NULLs
SELECT id FROM items ORDER BY made_on DESC, id;

-- name: nulls_of_moments :many
-- order of NULLs
SELECT id, made_at FROM items ORDER BY made_at, id;

-- name: ranked :many
-- NULL|order
SELECT id, rank() OVER (ORDER BY amount) AS place FROM items;

-- name: name_order :many scalar
-- collation
SELECT label FROM labels ORDER BY label;

-- name: name_order_desc :many scalar
-- collation|NULL
SELECT id FROM items WHERE note IS NOT NULL ORDER BY note DESC, id;

-- name: by_name :many scalar
-- collation|spaces
SELECT id FROM items WHERE name = :name;

-- name: by_names :many scalar
-- collation|spaces
SELECT id FROM items WHERE name IN (:names);

-- name: not_name :many scalar
-- collation|spaces
SELECT id FROM items WHERE name <> :name;

-- name: like_name :many scalar
-- LIKE
SELECT id FROM items WHERE name LIKE :pattern;

-- name: not_like_name :many scalar
-- LIKE
SELECT id FROM items WHERE name NOT LIKE :pattern;

-- name: after_name :many scalar
-- collation
SELECT id FROM items WHERE name > :name;

-- name: between_names :many scalar
-- collation
SELECT id FROM items WHERE name BETWEEN :low AND :high;

-- name: how_many_names :one scalar
-- collation|spaces
SELECT count(DISTINCT name) AS n FROM items;

-- name: per_name :many scalar
-- collation|spaces
SELECT count(*) AS n FROM items GROUP BY name;

-- name: distinct_names :many scalar
-- collation|spaces
SELECT count(*) AS n FROM (SELECT DISTINCT note FROM items) AS d;

-- name: united :one scalar
-- collation|spaces
SELECT count(*) AS n FROM (SELECT name FROM items UNION SELECT note FROM items) AS u;

-- name: same_name :many scalar
-- collation|spaces
SELECT i.id FROM items AS i INNER JOIN labels AS l ON l.label = i.name;

-- name: unlabelled :many scalar
-- collation|spaces
SELECT id FROM items WHERE name NOT IN (SELECT label FROM labels);

-- name: least_label :one scalar
-- collation
SELECT min(label) AS label FROM labels;

-- name: greatest_label :one scalar
-- collation
SELECT max(label) AS label FROM labels;

-- name: is_a :many scalar
-- collation|spaces
SELECT id FROM items WHERE CASE name WHEN 'a' THEN 1 ELSE 0 END = 1;

-- name: halves :many
-- integer division
SELECT id, CAST(amount / 2 AS integer) AS half FROM items;

-- name: divides :many scalar
-- division by zero
SELECT id FROM items WHERE 10 / amount > 1;

-- name: remainder :many scalar
-- division by zero
SELECT id FROM items WHERE 7 % amount = 1;

-- name: rounded :many
-- scale|halves
SELECT id, round(rate) AS rounded FROM items;

-- name: cut :many
-- CAST
SELECT id, CAST(rate AS integer) AS cut FROM items;

-- name: cut_price :many
-- CAST
SELECT id, CAST(price AS integer) AS cut FROM items;

-- name: as_number :many
-- CAST
SELECT id, CAST(name AS integer) AS number FROM items;

-- name: letters :many
-- length
SELECT id, length(name) AS letters FROM items;

-- name: in_capitals :many
-- case
SELECT id, upper(name) AS capitals FROM items;

-- name: truths :many
-- boolean
SELECT id, CAST(active AS char(1)) AS truth FROM items;

-- name: from_the_end :many
-- function|empty
SELECT id, substr(name, -2) AS tail FROM items;

-- name: from_nothing :many
-- function|empty
SELECT id, substr(name, 0, 2) AS head FROM items;

-- name: price_text :many
-- scale|text
SELECT id, CAST(price AS char(12)) AS price FROM items;

-- name: roots :many
-- domain
SELECT id FROM items WHERE sqrt(rate) > 1;

-- name: rename :affected
-- collation|spaces
UPDATE items SET note = 'renamed' WHERE name = :name;

-- name: remove_like :affected
-- LIKE
DELETE FROM items WHERE name LIKE :pattern;

-- name: remove_after :affected
-- collation
DELETE FROM labels WHERE label > :label;

-- name: add_label :affected
-- collation|constraint
INSERT INTO labels (label) VALUES (:label);

-- name: copy_names :affected
-- collation|constraint|condition
INSERT INTO labels (label) SELECT DISTINCT name FROM items WHERE name IS NOT NULL AND name NOT IN (SELECT label FROM labels);

-- name: some :many scalar
-- LIMIT
SELECT id FROM items ORDER BY active LIMIT 2;

-- name: logarithms :many
-- log
SELECT id, log(rate) AS logarithm FROM items WHERE rate > 0;

-- name: padded :many scalar
-- collation|spaces
SELECT id FROM items WHERE name || '' = note;

-- name: change_some :affected
-- collation|spaces
UPDATE items SET amount = 0 WHERE note IN (:notes) AND amount IS NOT NULL;

-- name: after_of :many scalar
-- collation|spaces
SELECT i.id FROM items AS i WHERE i.name > (SELECT min(l.label) FROM labels AS l);
