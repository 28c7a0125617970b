-- name: counted :one
SELECT count(*) AS n
FROM shop.items;

-- name: generated :many
SELECT tax
FROM shop.items;

-- name: serial :one
INSERT INTO shop.items (code)
VALUES (:code)
RETURNING id;

-- name: without_serial :affected
INSERT INTO shop.items (id, code)
VALUES (:id, :code);

-- name: by_default :affected
INSERT INTO shop.items (id, code)
VALUES (DEFAULT, :code);

-- name: identity :affected
INSERT INTO numbered (name)
VALUES (:name);

-- name: upsert :one
INSERT INTO shop.items (id, code, price)
VALUES (:id, :code, :price)
ON CONFLICT (code) DO UPDATE SET price = excluded.price + items.tax
WHERE items.note IS NULL
RETURNING price;

-- name: ignored :affected
INSERT INTO shop.items (id, code)
VALUES (:id, :code)
ON CONFLICT (id) DO NOTHING;

-- name: ignored_at_all :affected
INSERT INTO shop.items (id, code)
VALUES (:id, :code)
ON CONFLICT DO NOTHING;

-- name: by_constraint :affected
INSERT INTO shop.items (id, code)
VALUES (:id, :code)
ON CONFLICT ON CONSTRAINT items_code_key DO NOTHING;

-- name: update_from :affected
UPDATE shop.items SET price = lines.amount
FROM lines
WHERE lines.item_id = items.id;

-- name: update_all :affected
UPDATE shop.items SET price = 0;

-- name: delete_all :affected
DELETE FROM lines;

-- name: delete_using :affected
DELETE FROM shop.items USING lines
WHERE lines.item_id = items.id;

-- name: locked :many
SELECT code
FROM shop.items
FOR UPDATE;

-- name: one_locked :many
SELECT lines.amount
FROM lines
INNER JOIN shop.items ON items.id = lines.item_id
FOR NO KEY UPDATE OF lines;

-- name: of_view :many
SELECT code
FROM dear;

-- name: counted_view :one
SELECT count(*) AS n
FROM dear;

-- name: through_view :affected
UPDATE dear SET price = :price
WHERE id = :id;

-- name: view_with_function :many
SELECT id, lowest
FROM with_lowest;

-- name: next_ticket :one
SELECT nextval('tickets') AS ticket;

-- name: set_ticket :one
SELECT setval('tickets', 1) AS ticket;

-- name: calls :one
SELECT lowest() AS a, everybody(1) AS b;

-- name: odd :many
SELECT "Mixed Case"
FROM "Odd ""Names"
WHERE "select" = :id;

-- name: moved :many
WITH gone AS (
    DELETE FROM lines
    WHERE amount < :amount
    RETURNING item_id
)

INSERT INTO audit (what)
SELECT gone.item_id::text
FROM gone
RETURNING id;

-- name: merged :affected
MERGE INTO numbered AS n
USING lines AS l ON n.id = l.id
WHEN MATCHED THEN UPDATE SET name = 'x'
WHEN NOT MATCHED THEN INSERT (name) VALUES (l.amount::text);

-- name: whole_row :many
SELECT lines
FROM lines;

-- name: joined :many
SELECT a.amount
FROM lines AS a
INNER JOIN lines AS b USING (id)
ORDER BY b.item_id;

-- name: hidden :many
SELECT ctid::text AS place
FROM lines;

-- name: searched :many
SELECT id
FROM lines
WHERE
    TRUE
    AND amount > :amount -- if :amount
    AND EXISTS (SELECT FROM shop.items WHERE items.id = lines.item_id AND items.price > :price) -- if :price
ORDER BY id;

-- name: recursive :many
WITH RECURSIVE steps (n) AS (
    SELECT min(id) FROM lines
    UNION ALL
    SELECT steps.n + 1 FROM steps WHERE steps.n < (SELECT max(amount) FROM lines)
)

SELECT n
FROM steps;

-- name: distinct_on :many
SELECT DISTINCT ON (item_id) amount, row_number() OVER w AS place
FROM lines
WINDOW w AS (ORDER BY id);

-- name: noted :affected
INSERT INTO lines (id, item_id, amount)
VALUES (:id, :item_id, :amount);

-- name: calls_as_itself :one
SELECT highest() AS n;

-- name: added_through_view :affected
INSERT INTO dear (code, price)
VALUES (:code, :price);

-- name: guarded :affected
INSERT INTO guarded (n)
VALUES (:n);

-- name: guarded_with_name :affected
INSERT INTO guarded (n, name)
VALUES (:n, :name);

-- name: guarded_renamed :affected
UPDATE guarded SET name = 'x';

-- name: of_another_schema :one
SELECT shop.hidden(1) AS n, nextval('shop.receipts') AS receipt;

-- name: receipt :one
INSERT INTO shop.receipts_given DEFAULT VALUES
RETURNING at;

-- name: in_a_partition :affected
INSERT INTO parts (id, region)
VALUES (:id, :region);

-- name: of_parts :many
SELECT count(*) AS n
FROM parts
WHERE region = :region;

-- name: in_from :many
SELECT n.n
FROM generate_series(1, 3) AS n (n)
CROSS JOIN LATERAL (SELECT amount FROM lines WHERE lines.id = n.n) AS l;

-- name: aggregated :many
SELECT item_id, string_agg(id::text, ',' ORDER BY amount) FILTER (WHERE amount > 0) AS ids
FROM lines
GROUP BY ROLLUP (item_id)
HAVING count(*) > 1;

-- name: either :many
SELECT id FROM lines
UNION
(SELECT id FROM numbered ORDER BY name LIMIT 1)
ORDER BY id;

-- name: in_brackets :many
SELECT j.amount, j.name
FROM (lines AS l INNER JOIN numbered AS n ON n.id = l.item_id) AS j;

-- name: deleted_through_view :affected
DELETE FROM dear
WHERE id = :id;

-- name: of_quoted_names :one
INSERT INTO shop."Orders Of" ("Full Name", "order")
VALUES (:name, :place)
RETURNING "Id";

-- name: added_instead :one
INSERT INTO "Called" ("Full Name")
VALUES (:name)
RETURNING "Id";

-- name: kept_by_a_rule :affected
DELETE FROM shop."Orders Of"
WHERE "Id" = :id;
