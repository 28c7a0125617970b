-- Statements of a web shop.

-- name: customer :maybe Customer
SELECT id, email, name, phone, vip, born_on, credit, created_at FROM customers WHERE id = :id;

-- name: customer_by_email :maybe Customer
SELECT id, email, name, phone, vip, born_on, credit, created_at
FROM customers WHERE lower(email) = lower(:email);

-- name: sign_up :one Customer
INSERT INTO customers (email, name, phone, born_on)
VALUES (:email, :name, :phone, :born_on)
RETURNING id, email, name, phone, vip, born_on, credit, created_at;

-- name: set_phone :affected
UPDATE customers SET phone = :phone WHERE id = :id;

-- name: make_vip :affected
UPDATE customers SET vip = TRUE WHERE id IN (:ids) AND NOT vip;

-- name: add_credit :affected
UPDATE customers SET credit = credit + :amount WHERE id = :id;

-- name: patch_customer :affected
UPDATE customers
SET name = COALESCE(:name, name), phone = CASE WHEN :clear_phone = 1 THEN NULL ELSE phone END
WHERE id = :id;

-- name: is_known :one scalar
SELECT EXISTS (SELECT 1 FROM customers WHERE email = :email);

-- name: how_many :one scalar
SELECT count(*) FROM customers;

-- name: oldest :one scalar
SELECT min(born_on) AS born_on FROM customers;

-- name: total_credit :one scalar
SELECT sum(credit) FROM customers WHERE vip;

-- name: credit_or_zero :one Credit
SELECT COALESCE(sum(credit), 0) AS credit, avg(credit) AS mean, max(credit) AS most FROM customers;

-- name: names_with_default :many NameAndPhone
SELECT name, COALESCE(phone, 'none') AS phone, length(name) AS letters FROM customers ORDER BY name;

-- name: by_name_prefix :many Named
SELECT id, upper(name) AS name FROM customers WHERE name LIKE :prefix ORDER BY id LIMIT :limit OFFSET :offset;

-- name: products_between :many Product
SELECT id, sku, name, price, weight, stock, discontinued
FROM products WHERE price BETWEEN :low AND :high ORDER BY price, id;

-- name: product_stream :stream Product
SELECT id, sku, name, price, weight, stock, discontinued FROM products ORDER BY id;

-- name: add_products :batch
INSERT INTO products (sku, name, price, weight) VALUES (:sku, :name, :price, :weight);

-- name: upsert_product :one Product
INSERT INTO products (sku, name, price) VALUES (:sku, :name, :price)
ON CONFLICT (sku) DO UPDATE SET name = excluded.name, price = excluded.price
RETURNING id, sku, name, price, weight, stock, discontinued;

-- name: price_with_tax :many Taxed
SELECT id, price * 1.19 AS gross, round(price * 1.19, 2) AS rounded FROM products;

-- name: price_times :many Times
SELECT id, price * :factor AS price FROM products;

-- name: weight_of_stock :many StockWeight
SELECT sku, weight * stock AS weight, stock / 2 AS half, stock % 2 AS odd FROM products;

-- name: restock :many Restocked
UPDATE products SET stock = stock + :more WHERE stock < :at_least RETURNING id, stock;

-- name: price_class :many PriceClass
SELECT id, CASE WHEN price > :dear THEN 'dear' WHEN price > 10 THEN 'fair' ELSE 'cheap' END AS price_class FROM products;

-- name: cheaper_than_average :many PlainProduct
SELECT id, sku FROM products WHERE price < (SELECT avg(price) FROM products);

-- name: never_ordered :many PlainProduct
SELECT p.id, p.sku FROM products AS p
WHERE NOT EXISTS (SELECT 1 FROM order_lines AS l WHERE l.product_id = p.id);

-- name: place :one scalar
INSERT INTO orders (customer_id, note) VALUES (:customer_id, :note) RETURNING id;

-- name: add_line :affected
INSERT INTO order_lines (order_id, product_id, quantity, price)
SELECT :order_id, p.id, :quantity, p.price FROM products AS p WHERE p.id = :product_id;

-- name: send :maybe Sent
UPDATE orders SET status = 'sent', sent_on = :sent_on WHERE id = :id AND status = 'paid'
RETURNING id, status, sent_on;

-- name: cancel :exec
UPDATE orders SET status = 'cancelled' WHERE id = :id AND status <> 'sent';

-- name: delete_order_lines :affected
DELETE FROM order_lines WHERE order_id = :order_id;

-- name: totals :many Total
SELECT id, customer_id, status, line_count, total FROM order_totals ORDER BY id;

-- name: order_overview :many Overview
SELECT o.id, c.name, o.placed_at, o.sent_on, l.product_id, l.quantity, l.price
FROM orders AS o
INNER JOIN customers AS c ON c.id = o.customer_id
LEFT OUTER JOIN order_lines AS l ON l.order_id = o.id
WHERE o.status = :status
ORDER BY o.id, l.product_id;

-- name: turnover :many Turnover
SELECT
    c.id, c.name,
    count(DISTINCT o.id) AS orders,
    COALESCE(sum(l.quantity * l.price), 0) AS turnover
FROM customers AS c
LEFT JOIN orders AS o ON o.customer_id = c.id
LEFT JOIN order_lines AS l ON l.order_id = o.id
GROUP BY c.id, c.name
HAVING COALESCE(sum(l.quantity * l.price), 0) >= :at_least
ORDER BY turnover DESC, c.id;

-- name: ranked :many Ranked
SELECT
    id, sku,
    rank() OVER (ORDER BY price DESC) AS place,
    row_number() OVER (ORDER BY price DESC, id) AS number,
    lag(price) OVER (ORDER BY price, id) AS cheaper,
    sum(stock) OVER (ORDER BY id ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) AS nearby
FROM products;

-- name: best_customer :maybe BestCustomer
WITH spent AS (
    SELECT o.customer_id, sum(l.quantity * l.price) AS total
    FROM orders AS o INNER JOIN order_lines AS l ON l.order_id = o.id
    GROUP BY o.customer_id
)
SELECT c.name, s.total FROM spent AS s INNER JOIN customers AS c ON c.id = s.customer_id
ORDER BY s.total DESC, c.id LIMIT 1;

-- name: contacts :many Contact
SELECT email AS address, 'email' AS kind FROM customers
UNION ALL
SELECT phone, 'phone' FROM customers WHERE phone IS NOT NULL;

-- name: search :many Named
SELECT id, name FROM customers
WHERE (:name IS NULL OR name = :name) AND vip = :vip AND credit >= :credit;

-- name: last_orders :many LastOrder
SELECT c.id, (SELECT max(o.placed_at) FROM orders AS o WHERE o.customer_id = c.id) AS last_at FROM customers AS c;

-- name: status_counts :many StatusCount
SELECT
    sum(CASE WHEN status = 'open' THEN 1 ELSE 0 END) AS open,
    sum(CASE WHEN status = :other THEN 1 ELSE 0 END) AS other,
    count(CASE WHEN sent_on IS NULL THEN 1 END) AS unsent
FROM orders;

-- name: nullif_note :many OrderNote
SELECT id, NULLIF(note, '') AS note, COALESCE(note, :fallback) AS shown FROM orders;
