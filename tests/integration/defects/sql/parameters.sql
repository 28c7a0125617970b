-- Parameters whose types are unknown or disagree.

-- name: untyped :many scalar
-- Expect C102 on sqlite, mariadb at :label
SELECT :label AS label
FROM customers;

-- name: untyped_in_case :many scalar
-- Expect C102 on sqlite, mariadb at :yes
-- Expect C102 on sqlite, mariadb at :no
SELECT CASE WHEN active THEN :yes ELSE :no END AS label
FROM customers;

-- name: two_types :many scalar
-- Expect C103 on sqlite, mariadb at :key
-- Expect C101 on postgresql at OR active
SELECT id
FROM customers
WHERE
    birthday = :key
    OR active = :key;

-- name: stored_twice :exec
-- Expect C103 on sqlite, mariadb at :value
-- Expect C101 on postgresql at :value
INSERT INTO documents (body, token)
VALUES (:value, :value);

-- name: wrong_param :many scalar
-- Expect C104
-- @param id str
SELECT name
FROM customers
WHERE id = :id;

-- name: wrong_param_date :affected
-- Expect C104
-- @param birthday int
UPDATE customers
SET birthday = :birthday
WHERE id = :id;

-- name: wrong_limit :many scalar
-- Expect C104
-- @param rows Decimal
SELECT name
FROM customers
ORDER BY id
LIMIT :rows;

-- name: wrong_list :many scalar
-- Expect C104
-- @param ids UUID
SELECT name
FROM customers
WHERE id IN (:ids);
