-- Products: what is sold, its price and its stock.

-- name: create :one Product
-- Insert a product; the stored row is returned.
INSERT INTO products (sku, name, price, stock)
VALUES (:sku, :name, :price, :stock)
RETURNING id, sku, name, price, stock, active, created_at;


-- name: upsert :one Product
-- Insert a product without stock, or give it this name and price; the same sku always keeps its id.
INSERT INTO products (sku, name, price)
VALUES (:sku, :name, :price)
ON CONFLICT (sku) DO UPDATE
-- A price list does not contain the stock, so the stock does not change.
SET
    name = excluded.name,
    price = excluded.price
RETURNING id, sku, name, price, stock, active, created_at;


-- name: create_many :batch Product
-- Insert many products in few round trips; the rows are returned in the order given.
INSERT INTO products (sku, name, price, stock)
VALUES (:sku, :name, :price, :stock)
RETURNING id, sku, name, price, stock, active, created_at;


-- name: insert_many :batch
-- Insert many products in few round trips; their number is returned.
INSERT INTO products (sku, name, price, stock)
VALUES (:sku, :name, :price, :stock);


-- name: by_id :maybe Product
-- One product by key.
SELECT id, sku, name, price, stock, active, created_at
FROM products
WHERE id = :id;


-- name: by_sku :maybe Product
-- One product by its unique sku.
SELECT id, sku, name, price, stock, active, created_at
FROM products
WHERE sku = :sku;


-- name: list_all :many Product
-- Every product, by sku.
SELECT id, sku, name, price, stock, active, created_at
FROM products
ORDER BY sku;


-- name: list_active :many Product
-- The products that are sold, by sku.
SELECT id, sku, name, price, stock, active, created_at
FROM products
WHERE active
ORDER BY sku;


-- name: search :many Product
-- The products that are sold, filtered and sorted; by key if no order is passed.
-- @param in_stock bool
SELECT id, sku, name, price, stock, active, created_at
FROM products
WHERE
    active
    AND lower(name) -- if :name
    LIKE '%' || replace(replace(replace(lower(:name), '!', '!!'), '%', '!%'), '_', '!_') || '%' ESCAPE '!' -- if :name
    AND price >= :price_from -- if :price_from
    AND price <= :price_to -- if :price_to
    AND stock > 0 -- if :in_stock
ORDER BY
    name, -- if :order = name
    price, -- if :order = cheapest
    price DESC, -- if :order = dearest
    id
LIMIT :limit;


-- name: stream_all :stream Product
-- Every product in key order, read in bounded memory.
SELECT id, sku, name, price, stock, active, created_at
FROM products
ORDER BY id;


-- name: count_all :one scalar
-- How many products there are.
SELECT count(*) AS products
FROM products;


-- name: stock_value :one scalar
-- What the whole stock is worth.
-- @column value Decimal
SELECT round(coalesce(sum(price * stock), 0), 2) AS value
FROM products;


-- name: update_price :maybe Product
-- Give a product another price.
UPDATE products
SET price = :price
WHERE id = :id
RETURNING id, sku, name, price, stock, active, created_at;


-- name: adjust_stock :maybe Product
-- Add to a product's stock; a negative quantity removes.  products_stock_check refuses a negative stock.
UPDATE products
-- The database adds, not the application: two callers at the same time would overwrite each other's sum.
SET stock = stock + :quantity
WHERE id = :id
RETURNING id, sku, name, price, stock, active, created_at;


-- name: deactivate :maybe Product
-- Stop selling a product.
UPDATE products
-- It stays in the catalogue: invoices refer to it.
SET active = FALSE
WHERE id = :id
RETURNING id, sku, name, price, stock, active, created_at;


-- name: bulk_set_price :affected
-- Give several products one price; the number of products is returned.
UPDATE products
SET price = :price
WHERE sku IN (:skus);


-- name: delete :affected
-- Delete a product.
DELETE FROM products
WHERE id = :id;
