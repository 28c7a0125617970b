-- name: counted :one
SELECT count(*) AS n
FROM items;

-- name: generated :many
SELECT tax
FROM items;

-- name: numbered :affected
INSERT INTO items (code)
VALUES (:code);

-- name: returned :one
INSERT INTO items (code)
VALUES (:code)
RETURNING id, tax;

-- name: upsert :affected
INSERT INTO items (id, code, price)
VALUES (:id, :code, :price)
ON DUPLICATE KEY UPDATE price = VALUES(price) + tax;

-- name: upsert_returned :one
INSERT INTO items (id, code, price)
VALUES (:id, :code, :price)
ON DUPLICATE KEY UPDATE price = VALUES(price)
RETURNING note;

-- name: selected :affected
INSERT INTO items (code)
SELECT lines_.amount
FROM lines_
ON DUPLICATE KEY UPDATE note = lines_.item_id;

-- name: ignored :affected
INSERT IGNORE INTO items (id, code)
VALUES (:id, :code);

-- name: replaced :affected
REPLACE INTO items (id, code)
VALUES (:id, :code);

-- name: update_joined :affected
UPDATE items
INNER JOIN lines_ ON lines_.item_id = items.id
SET items.price = lines_.amount;

-- name: update_all :affected
UPDATE items SET price = 0;

-- name: delete_all :affected
DELETE FROM lines_;

-- name: delete_some :affected
DELETE FROM lines_
WHERE amount < :amount
ORDER BY item_id
LIMIT 1;

-- name: delete_returned :many
DELETE FROM lines_
WHERE amount < :amount
RETURNING id;

-- name: delete_joined :affected
DELETE items
FROM items
INNER JOIN lines_ ON lines_.item_id = items.id;

-- name: delete_crossed :affected
DELETE audit
FROM audit, ticketed;

-- name: locked :many
SELECT code
FROM items
FOR UPDATE;

-- name: of_view :many
SELECT code
FROM dear;

-- name: of_own_view :many
SELECT note
FROM dear_to_me;

-- name: through_view :affected
UPDATE dear SET price = :price
WHERE id = :id;

-- name: view_with_function :many
SELECT id, lowest
FROM with_lowest;

-- name: next_ticket :one
SELECT nextval(tickets) AS ticket;

-- name: set_ticket :one
SELECT setval(tickets, 100) AS ticket;

-- name: ticketed :affected
INSERT INTO ticketed (what)
VALUES (:what);

-- name: calls :one
SELECT lowest() AS n;

-- name: calls_as_itself :one
SELECT highest() AS n;

-- name: odd :many
SELECT `Mixed Case`
FROM `Odd ``Names`
WHERE `select` = :id;

-- name: noted :affected
INSERT INTO lines_ (id, item_id, amount)
VALUES (:id, :item_id, :amount);

-- name: joined :many
SELECT a.amount
FROM lines_ AS a
INNER JOIN lines_ AS b USING (id)
ORDER BY b.item_id;

-- name: searched :many
SELECT id
FROM lines_
WHERE
    TRUE
    AND amount > :amount -- if :amount
    AND EXISTS (SELECT 1 FROM items WHERE items.id = lines_.item_id AND items.price > :price) -- if :price
ORDER BY id;

-- name: recursive :many
WITH RECURSIVE steps (n) AS (
    SELECT min(id) FROM lines_
    UNION ALL
    SELECT steps.n + 1 FROM steps WHERE steps.n < (SELECT max(amount) FROM lines_)
)

SELECT n
FROM steps;

-- name: next_value :affected
INSERT INTO audit (what)
VALUES (NEXT VALUE FOR tickets);

-- name: update_ignored :affected
UPDATE IGNORE items SET code = :code
WHERE id = :id;

-- name: through_own_view :affected
UPDATE dear_to_me SET note = :note
WHERE id = :id;

-- name: deleted_through_own_view :affected
DELETE FROM dear_to_me
WHERE id = :id;

-- name: deleted_through_view :affected
DELETE FROM dear
WHERE id = :id;

-- name: deleted_using :affected
DELETE FROM l
USING lines_ AS l
INNER JOIN items AS i ON i.id = l.item_id
WHERE i.price > :price;

-- name: upserted_another_column :affected
INSERT INTO items (id, code)
VALUES (:id, :code)
ON DUPLICATE KEY UPDATE note = id, code = VALUES(code);
