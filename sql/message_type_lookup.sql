-- Message types: the fixed list of what a message can be.  schema.sql fills it.

-- name: create :one MessageType
-- Insert a message type under a key that the application chooses.
INSERT INTO message_type_lookup (id, name)
VALUES (:id, :name)
RETURNING id, name;


-- name: by_id :maybe MessageType
-- One message type by key.
SELECT id, name
FROM message_type_lookup
WHERE id = :id;


-- name: by_name :maybe MessageType
-- One message type by name.
SELECT id, name
FROM message_type_lookup
WHERE name = :name;


-- name: list_all :many MessageType
-- Every message type.
SELECT id, name
FROM message_type_lookup
ORDER BY id;
