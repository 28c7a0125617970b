-- A statement that is sound on every engine.

-- name: count_all :one scalar
-- How many customers there are.
SELECT count(*) AS customers
FROM customers;
