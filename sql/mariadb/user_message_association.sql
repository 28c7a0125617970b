-- Deliveries: the forms for MariaDB.  users.sql in this folder explains why an update is written as an INSERT.

-- name: mark_read :maybe UserMessage
INSERT INTO user_message_association (user_id, message_id)
SELECT user_id, message_id
FROM user_message_association AS old
WHERE
    user_id = :user_id
    AND message_id = :message_id
FOR UPDATE
-- Only the time of the first reading is stored.
ON DUPLICATE KEY UPDATE read_at = coalesce(user_message_association.read_at, :read_at)
RETURNING user_id, message_id, read_at;
