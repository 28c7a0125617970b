-- name: unread :many
-- Expect C107
PRAGMA table_list;

-- name: nothing_back :many
-- Expect C303
PRAGMA user_version = 5;
