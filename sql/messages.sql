-- Messages from the system to all users or to one user.

-- name: create :one Message
-- Insert a message of a type, by the type's key.
INSERT INTO messages (message_type_id, subject, body)
VALUES (:message_type_id, :subject, :body)
RETURNING id, message_type_id, subject, body, created_at;


-- name: create_of_type :one Message
-- Insert a message of a type, by the type's name; an unknown name inserts nothing and returns no row.
INSERT INTO messages (message_type_id, subject, body)
SELECT
    id,
    :subject,
    :body
FROM message_type_lookup
WHERE name = :type_name
RETURNING id, message_type_id, subject, body, created_at;


-- name: by_id :maybe Message
-- One message by key.
SELECT id, message_type_id, subject, body, created_at
FROM messages
WHERE id = :id;


-- name: list_all :many Message
-- Every message, the oldest first.
SELECT id, message_type_id, subject, body, created_at
FROM messages
ORDER BY id;


-- name: of_type :many MessageWithType
-- The messages of a type, by the type's name.
SELECT
    messages.id,
    message_type_lookup.name AS type_name,
    messages.subject, messages.body
FROM message_type_lookup
INNER JOIN messages ON message_type_lookup.id = messages.message_type_id
WHERE message_type_lookup.name = :type_name
ORDER BY messages.id;


-- name: unread_of :many MessageWithType
-- The messages that were delivered to a user who has not read them.
SELECT
    messages.id,
    message_type_lookup.name AS type_name,
    messages.subject, messages.body
FROM user_message_association
INNER JOIN messages ON user_message_association.message_id = messages.id
INNER JOIN message_type_lookup ON messages.message_type_id = message_type_lookup.id
WHERE
    user_message_association.user_id = :user_id
    AND user_message_association.read_at IS NULL
ORDER BY messages.id;


-- name: delete :affected
-- Delete a message and take it back from all who received it.
DELETE FROM messages
WHERE id = :id;
