-- Cars: the forms for MariaDB.  users.sql in this folder explains why an update is written as an INSERT.

-- name: rename_model :maybe Car
INSERT INTO cars (id, brand, model)
SELECT id, brand, model
FROM cars AS old
WHERE id = :id
FOR UPDATE
ON DUPLICATE KEY UPDATE model = :model
RETURNING id, brand, model;
