-- Parents and children: the forms for MariaDB.

-- name: upsert :one ParentChild
INSERT INTO parent_child_association (parent_id, child_id, kind)
VALUES (:parent_id, :child_id, :kind)
ON DUPLICATE KEY UPDATE kind = VALUES(kind)
RETURNING parent_id, child_id, kind;
