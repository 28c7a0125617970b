-- Statements whose forms disagree; the other forms stand in the engines' folders.

-- name: other_names :many
SELECT id, name
FROM customers;

-- name: other_order :many
SELECT id, name
FROM customers;

-- name: fewer_columns :many
SELECT id, name
FROM customers;

-- name: other_type :many
SELECT id AS value
FROM customers;

-- name: other_nulls :many
SELECT coalesce(email, '') AS email
FROM customers;

-- name: other_nulls_settled :many
-- @column email str?
SELECT coalesce(email, '') AS email
FROM customers;

-- name: other_parameter :many scalar
SELECT name
FROM customers
WHERE id = :key;

-- name: other_division :many
-- Expect C403
SELECT total / id AS share
FROM orders;
