-- Departments: the forms for MariaDB.

-- name: get_or_create :one Department
INSERT INTO departments (name)
VALUES (:name)
ON DUPLICATE KEY UPDATE name = VALUES(name)
RETURNING id, name;
