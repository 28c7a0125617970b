-- MariaDB's own forms.

-- name: upsert_product :one Product
INSERT INTO products (sku, name, price) VALUES (:sku, :name, :price)
ON DUPLICATE KEY UPDATE name = VALUES(name), price = VALUES(price)
RETURNING id, sku, name, price, weight, stock, discontinued;

-- name: restock :many Restocked
SELECT id, stock + :more AS stock FROM products WHERE stock < :at_least;

-- name: send :maybe Sent
SELECT id, status, sent_on FROM orders WHERE id = :id AND sent_on = :sent_on;
