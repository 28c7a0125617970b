-- Statements that do not fit their record.

-- name: sound :maybe Customer
SELECT id, name, email, active
FROM customers
WHERE id = :id;

-- name: missing :maybe Customer
-- Expect C201
SELECT id, name, email
FROM customers
WHERE id = :id;

-- name: extra :maybe Customer
-- Expect C202
SELECT id, name, email, active, credit
FROM customers
WHERE id = :id;

-- name: renamed :maybe Customer
-- Expect C201
-- Expect C202
SELECT id, name AS full_name, email, active
FROM customers
WHERE id = :id;

-- name: disordered :maybe Customer
-- Expect C203
SELECT id, email, name, active
FROM customers
WHERE id = :id;

-- name: disordered_returning :one Customer
-- Expect C203
INSERT INTO customers (name)
VALUES (:name)
RETURNING id, name, active, email;

-- name: wrong_types :many Wrong
-- Expect C204
-- Expect C204
-- Expect C204
-- Expect C204
-- Expect C205
SELECT id, name, birthday, credit
FROM customers;

-- name: wrong_by_cast :maybe Customer
-- Expect C204
SELECT CAST(id AS char(10)) AS id, name, email, active
FROM customers
WHERE id = :id;

-- name: wrong_by_aggregate :many Named
-- Expect C204
SELECT count(*) AS label
FROM customers;

-- name: impossible :maybe Impossible
-- Expect C207
SELECT id
FROM customers
WHERE id = :id;

-- name: worried :maybe Worried
SELECT id, name
FROM customers
WHERE id = :id;

-- name: declared_nullable :many Named
-- Expect C205
-- @column label str?
SELECT name AS label
FROM customers;

-- name: declared_not_null :many Named
-- @column label str
SELECT email AS label
FROM customers;
