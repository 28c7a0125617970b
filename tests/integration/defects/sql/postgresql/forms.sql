-- name: other_names :many
-- Expect C401
SELECT id, name AS label
FROM customers;

-- name: other_order :many
-- Expect C401
SELECT name, id
FROM customers;

-- name: other_type :many
-- Expect C402
SELECT CAST(id AS text) AS value
FROM customers;

-- name: other_parameter :many scalar
-- Expect C404 at :key
SELECT name
FROM customers
WHERE birthday = :key;
