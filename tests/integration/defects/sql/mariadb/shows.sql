-- name: unread :many
-- Expect C107
SHOW TABLES;
