-- Tags: the forms for MariaDB.

-- name: get_or_create :one Tag
INSERT INTO tags (name)
VALUES (:name)
-- This changes nothing, but returns the row: INSERT IGNORE would return none, and hide other errors.
ON DUPLICATE KEY UPDATE name = VALUES(name)
RETURNING id, name;
