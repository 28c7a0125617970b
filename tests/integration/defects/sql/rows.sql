-- Row words that keys do not bear out.

-- name: by_name :maybe Customer
-- Expect C301
SELECT id, name, email, active
FROM customers
WHERE name = :name;

-- name: half_a_key :maybe scalar
-- Expect C301
SELECT sku
FROM items
WHERE order_id = :order_id;

-- name: a_whole_key :maybe scalar
SELECT sku
FROM items
WHERE
    order_id = :order_id
    AND line = :line;

-- name: by_unique_column :maybe Customer
SELECT id, name, email, active
FROM customers
WHERE email = :email;

-- name: joined_many :maybe scalar
-- Expect C301
SELECT orders.total
FROM customers
INNER JOIN orders ON customers.id = orders.customer_id
WHERE customers.id = :id;

-- name: joined_one :maybe scalar
SELECT customers.name
FROM orders
INNER JOIN customers ON orders.customer_id = customers.id
WHERE orders.id = :id;

-- name: or_key :maybe scalar
-- Expect C301
SELECT name
FROM customers
WHERE id = :id OR email = :email;

-- name: at_least :maybe scalar
-- Expect C301
SELECT name
FROM customers
WHERE id >= :id;

-- name: limited :maybe scalar
SELECT name
FROM customers
ORDER BY id
LIMIT 1;

-- name: counted :one scalar
SELECT count(*) AS customers
FROM customers;

-- name: counted_by_group :one scalar
-- Expect C301
SELECT count(*) AS customers
FROM customers
GROUP BY active;

-- name: inserted :one scalar
INSERT INTO customers (name)
VALUES (:name)
RETURNING id;

-- name: inserted_many :one scalar
-- Expect C301
INSERT INTO orders (customer_id, total)
SELECT id, 0
FROM customers
RETURNING id;

-- name: deleted :maybe scalar
DELETE FROM customers
WHERE id = :id
RETURNING name;

-- name: deleted_many :maybe scalar
-- Expect C301
DELETE FROM customers
WHERE active
RETURNING name;
