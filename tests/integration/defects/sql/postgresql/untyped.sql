-- name: untyped_argument :many scalar
-- Expect C102 at :value
SELECT jsonb_build_object('a', :value) AS built;

-- name: unread :many
-- Expect C107
EXPLAIN SELECT name
FROM customers;
