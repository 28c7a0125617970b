-- Statements that an engine refuses.

-- name: no_table :many scalar
-- Expect C101 at customer
SELECT
    name
FROM customer;

-- name: no_column :many scalar
-- Expect C101 at nmae
SELECT
    nmae
FROM customers;

-- name: no_column_of_alias :many scalar
-- Expect C101 at c.nmae
SELECT c.id
FROM customers AS c
WHERE c.nmae = :name;

-- name: no_column_in_join :many scalar
-- Expect C101 at orders.customer
SELECT orders.id
FROM orders
INNER JOIN customers ON orders.customer = customers.id;

-- name: no_column_in_order :many scalar
-- Expect C101 at surname
SELECT name
FROM customers
ORDER BY surname;

-- name: no_column_in_returning :one scalar
-- Expect C101 at number
INSERT INTO customers (name)
VALUES (:name)
RETURNING number;

-- name: no_column_in_insert :exec
-- Expect C101 at nmae
INSERT INTO customers (nmae)
VALUES (:name);

-- name: no_column_in_set :affected
-- Expect C101 at nmae
UPDATE customers
SET nmae = :name
WHERE id = :id;

-- name: too_few_values :exec
-- Expect C101
INSERT INTO customers (name, email)
VALUES (:name);

-- name: no_function :many scalar
-- Expect C101 at upcase
SELECT upcase(name)
FROM customers;

-- name: ambiguous :many scalar
-- Expect C101 at id
SELECT id
FROM customers
INNER JOIN orders ON customers.id = orders.customer_id;

-- name: missing_comma :many
-- Expect C101 at email
SELECT
    id name email
FROM customers;

-- name: aggregate_in_where :many scalar
-- Expect C101 on sqlite, postgresql at sum
-- Expect C101 on mariadb
SELECT id
FROM orders
WHERE sum(total) > 5;

-- name: double_quoted_text :many scalar
-- Expect C101 at "Ada"
SELECT id
FROM customers
WHERE name = "Ada";

-- name: union_widths :many
-- Expect C101 on sqlite, mariadb
-- Expect C101 on postgresql at customer_id
SELECT id, name
FROM customers
UNION ALL
SELECT customer_id
FROM orders;

-- name: unknown_in_cte :many scalar
-- Expect C101 at missing
WITH totals AS (
    SELECT customer_id, total
    FROM orders
)

SELECT totals.missing
FROM totals;

-- name: not_grouped :many
-- Expect C101 on postgresql at name
SELECT
    name,
    count(*) AS customers
FROM customers
GROUP BY active;
