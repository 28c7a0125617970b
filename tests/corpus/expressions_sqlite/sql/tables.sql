-- Whole rows, and statements of other shapes.

-- name: whole :many Entry
SELECT
    id, title, body, tags, score, rank, big, small, ratio, weight, price, discount, active, pinned,
    on_day, due, at_time, written_at, seen_at, code, raw, photo, doc, extra, uid
FROM entries;

-- name: untyped :many Untyped
SELECT id, anything FROM entries;

-- name: strict :many StrictEntry
SELECT id, n, r, t, b FROM strict_entries;

-- name: strict_any :many StrictAny
SELECT id, x FROM strict_entries;

-- name: keys :many PlainKey
SELECT name, n FROM plain_keys;

-- name: pairs_of :many Pair
SELECT left_id, right_id, kind, score, label FROM pairs;

-- name: add_pair :one Pair
INSERT INTO pairs (left_id, right_id) VALUES (:left_id, :right_id)
RETURNING left_id, right_id, kind, score, label;

-- name: opened :many OpenEntry
SELECT id, title, due, double_price FROM open_entries;

-- name: rowids :many RowId
SELECT rowid AS row_id, title FROM entries;

-- name: values_rows :many ValuesRow
SELECT column1 AS n, column2 AS word FROM (VALUES (1, 'a'), (2, NULL));

-- name: numbers :many Number
WITH RECURSIVE counter (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM counter WHERE n < :last LIMIT 20)
SELECT n FROM counter;

-- name: each_item :many Item
SELECT e.id, j.key, j.value, j.type FROM entries AS e, json_each(e.doc) AS j;

-- name: each_path :many Path
SELECT j.fullkey, j.atom FROM entries AS e, json_tree(e.doc) AS j WHERE e.id = :id;

-- name: left_pairs :many LeftPair
SELECT e.id, p.right_id, p.kind, q.title FROM entries AS e
LEFT JOIN pairs AS p ON p.left_id = e.id
LEFT JOIN entries AS q ON q.id = p.right_id;

-- name: right_pairs :many RightPair
SELECT p.left_id, e.id FROM pairs AS p RIGHT JOIN entries AS e ON e.id = p.right_id;

-- name: full_pairs :many FullPair
SELECT p.left_id, e.id, e.title FROM pairs AS p FULL OUTER JOIN entries AS e ON e.id = p.right_id;

-- name: union_types :many UnionType
SELECT id, score AS value FROM entries UNION SELECT id, rank FROM entries;

-- name: union_mixed :many UnionMixed
SELECT score AS value FROM entries UNION ALL SELECT ratio FROM entries;

-- name: except_ids :many ExceptId
SELECT id FROM entries EXCEPT SELECT left_id FROM pairs;

-- name: scalar_sub :many ScalarSub
SELECT id, (SELECT count(*) FROM pairs AS p WHERE p.left_id = e.id) AS n,
    (SELECT p.kind FROM pairs AS p WHERE p.left_id = e.id LIMIT 1) AS kind
FROM entries AS e;

-- name: by_month :many ByMonth
SELECT strftime('%Y-%m', on_day) AS month, count(*) AS n, sum(price) AS total, avg(score) AS mean
FROM entries GROUP BY 1 HAVING count(*) > :more_than ORDER BY 1;

-- name: upsert_key :one PlainKey
INSERT INTO plain_keys (name, n) VALUES (:name, :n)
ON CONFLICT (name) DO UPDATE SET n = plain_keys.n + excluded.n
RETURNING name, n;

-- name: upsert_nothing :affected
INSERT INTO plain_keys (name) VALUES (:name) ON CONFLICT DO NOTHING;

-- name: replace_key :affected
REPLACE INTO plain_keys (name, n) VALUES (:name, :n);

-- name: add_strict :one StrictEntry
INSERT INTO strict_entries (n, r, t, b) VALUES (:n, :r, :t, :b) RETURNING id, n, r, t, b;

-- name: add_strict_many :batch StrictEntry
INSERT INTO strict_entries (n, r, t, b) VALUES (:n, :r, :t, :b) RETURNING id, n, r, t, b;

-- name: update_from :affected
UPDATE entries SET rank = p.right_id FROM pairs AS p WHERE p.left_id = entries.id AND p.kind = :kind;

-- name: returning_expression :many Changed
UPDATE entries SET price = price * 2 WHERE id = :id RETURNING id, price, price - discount AS net, upper(title) AS shout;

-- name: delete_returning :maybe Gone
DELETE FROM strict_entries WHERE id = :id RETURNING id, t;
