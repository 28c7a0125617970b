-- Activities: the forms for MariaDB.

-- name: get_or_create :one Activity
INSERT INTO activities (name)
VALUES (:name)
ON DUPLICATE KEY UPDATE name = VALUES(name)
RETURNING id, name;
