-- Columns and their directives.

-- name: no_such_column :many
-- Expect C105
-- @column surname str
SELECT name
FROM customers;

-- name: wrong_column :many
-- Expect C106
-- @column name int
SELECT name
FROM customers;

-- name: wrong_column_instant :many
-- Expect C106
-- @column joined_at date
SELECT joined_at
FROM customers;

-- name: wide_scalar :many scalar
-- Expect C302
SELECT id, name
FROM customers;

-- name: twice :many
-- Expect C304
SELECT customers.id, orders.id
FROM customers
INNER JOIN orders ON customers.id = orders.customer_id;

-- name: twice_by_alias :many
-- Expect C304
SELECT name AS label, email AS label
FROM customers;
