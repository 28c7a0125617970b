-- Columns that may be NULL where the record has no None.

-- name: nullable_column :many Birthday
-- Expect C205
SELECT birthday
FROM customers;

-- name: nullable_column_kept :many Birthday
SELECT birthday
FROM customers
WHERE birthday IS NOT NULL;

-- name: left_join :many CustomerOrder
-- Expect C205
SELECT customers.id, customers.name, orders.total
FROM customers
LEFT JOIN orders ON customers.id = orders.customer_id;

-- name: right_join :many CustomerOrder
-- Expect C205
-- Expect C205
SELECT customers.id, customers.name, orders.total
FROM customers
RIGHT JOIN orders ON customers.id = orders.customer_id;

-- name: inner_join :many CustomerOrder
SELECT customers.id, customers.name, orders.total
FROM customers
INNER JOIN orders ON customers.id = orders.customer_id;

-- name: left_join_narrowed :many CustomerOrder
SELECT customers.id, customers.name, orders.total
FROM customers
LEFT JOIN orders ON customers.id = orders.customer_id
WHERE orders.total > 0;

-- name: from_view :many CustomerOrder
-- Expect C205
SELECT id, name, total
FROM customer_orders;

-- name: sum_over_nothing :one Total
-- Expect C205
SELECT sum(total) AS total
FROM orders;

-- name: sum_coalesced :one Total
SELECT coalesce(sum(total), 0) AS total
FROM orders;

-- name: sum_by_group :many Total
SELECT sum(total) AS total
FROM orders
GROUP BY customer_id;

-- name: max_over_nothing :one Named
-- Expect C205
SELECT max(name) AS label
FROM customers;

-- name: case_without_else :many Named
-- Expect C205
SELECT CASE WHEN active THEN 'yes' END AS label
FROM customers;

-- name: case_with_else :many Named
SELECT CASE WHEN active THEN 'yes' ELSE 'no' END AS label
FROM customers;

-- name: scalar_query :many Total
-- Expect C205
SELECT (SELECT orders.total FROM orders WHERE orders.customer_id = customers.id LIMIT 1) AS total
FROM customers;

-- name: division :many Total
-- Expect C205 on sqlite, mariadb
SELECT total / (id - 1) AS total
FROM orders;

-- name: division_by_constant :many Total
SELECT total / 2 AS total
FROM orders;

-- name: nullif :many Total
-- Expect C205
SELECT nullif(total, 0) AS total
FROM orders;

-- name: previous :many Named
-- Expect C205
SELECT lag(name) OVER (ORDER BY id) AS label
FROM customers;

-- name: future_frame :many Total
-- Expect C205
SELECT sum(total) OVER (ORDER BY id ROWS BETWEEN 1 FOLLOWING AND 2 FOLLOWING) AS total
FROM orders;

-- name: running :many Total
SELECT sum(total) OVER (ORDER BY id) AS total
FROM orders;

-- name: concatenated :many Named
-- Expect C205
SELECT name || email AS label
FROM customers;

-- name: null_literal :many Named
-- Expect C205
SELECT CAST(NULL AS char(10)) AS label
FROM customers;

-- name: union_branch :many Named
-- Expect C205
SELECT name AS label
FROM customers
UNION ALL
SELECT note
FROM orders;

-- name: from_cte :many CustomerOrder
-- Expect C205
WITH totals AS (
    SELECT customer_id, sum(total) AS total
    FROM orders
    GROUP BY customer_id
)

SELECT customers.id, customers.name, totals.total
FROM customers
LEFT JOIN totals ON customers.id = totals.customer_id;

-- name: from_recursion :many Named
-- Expect C205
WITH RECURSIVE counted (n, label) AS (
    SELECT 1, CAST('a' AS char(10))
    UNION ALL
    SELECT n + 1, nullif(label, 'a')
    FROM counted
    WHERE n < 3
)

SELECT label
FROM counted;

-- name: parameter_back :many Named
-- Expect C205 on mariadb
SELECT CAST(:label AS char(10)) AS label
FROM customers;

-- name: parameter_declared :many Named
-- @param label str
-- @column label str
SELECT CAST(:label AS char(10)) AS label
FROM customers;

-- name: returning :one Named
-- Expect C205
INSERT INTO customers (name, email)
VALUES (:name, :email)
RETURNING email AS label;
