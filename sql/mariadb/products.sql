-- Products: the forms for MariaDB.  users.sql in this folder explains why an update is written as an INSERT.

-- name: upsert :one Product
INSERT INTO products (sku, name, price)
VALUES (:sku, :name, :price)
-- A price list does not contain the stock, so the stock does not change.
ON DUPLICATE KEY UPDATE
    name = VALUES(name),
    price = VALUES(price)
RETURNING id, sku, name, price, stock, active, created_at;


-- name: update_price :maybe Product
INSERT INTO products (id, sku, name, price)
SELECT id, sku, name, price
FROM products AS old
WHERE id = :id
FOR UPDATE
ON DUPLICATE KEY UPDATE price = :price
RETURNING id, sku, name, price, stock, active, created_at;


-- name: adjust_stock :maybe Product
INSERT INTO products (id, sku, name, price)
SELECT id, sku, name, price
FROM products AS old
WHERE id = :id
FOR UPDATE
ON DUPLICATE KEY UPDATE stock = products.stock + :quantity
RETURNING id, sku, name, price, stock, active, created_at;


-- name: deactivate :maybe Product
INSERT INTO products (id, sku, name, price)
SELECT id, sku, name, price
FROM products AS old
WHERE id = :id
FOR UPDATE
ON DUPLICATE KEY UPDATE active = FALSE
RETURNING id, sku, name, price, stock, active, created_at;
