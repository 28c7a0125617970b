-- name: fewer_columns :many
-- Expect C401
SELECT id
FROM customers;

-- name: other_nulls :many
-- Expect C403
SELECT email
FROM customers;

-- name: other_nulls_settled :many
SELECT email
FROM customers;
