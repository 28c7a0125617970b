-- Deliveries: which message reached which user, and when it was read.

-- name: create :one UserMessage
-- Deliver a message to a user.
INSERT INTO user_message_association (user_id, message_id)
VALUES (:user_id, :message_id)
RETURNING user_id, message_id, read_at;


-- name: deliver_to_active :affected
-- Deliver a message to every user who may sign in and has not received it; their number is returned.
INSERT INTO user_message_association (user_id, message_id)
SELECT users.id, messages.id
FROM messages
CROSS JOIN users
WHERE
    messages.id = :message_id
    AND users.active
    AND NOT EXISTS (
        SELECT 1
        FROM user_message_association AS delivered
        WHERE
            delivered.user_id = users.id
            AND delivered.message_id = messages.id
    );


-- name: by_key :maybe UserMessage
-- The delivery of one message to one user.
SELECT user_id, message_id, read_at
FROM user_message_association
WHERE
    user_id = :user_id
    AND message_id = :message_id;


-- name: of_user :many UserMessage
-- The deliveries to a user, the unread ones first.
SELECT user_id, message_id, read_at
FROM user_message_association
WHERE user_id = :user_id
ORDER BY
    -- Engines sort NULL first or last; this expression decides it.
    CASE WHEN read_at IS NULL THEN 0 ELSE 1 END,
    read_at,
    message_id;


-- name: mark_read :maybe UserMessage
-- Record when a user read a message.
-- @param read_at AwareDatetime
UPDATE user_message_association
-- Only the time of the first reading is stored.
SET read_at = coalesce(read_at, :read_at)
WHERE
    user_id = :user_id
    AND message_id = :message_id
RETURNING user_id, message_id, read_at;


-- name: mark_all_read :affected
-- Record when a user read all unread messages; their number is returned.
-- @param read_at AwareDatetime
UPDATE user_message_association
SET read_at = :read_at
WHERE
    user_id = :user_id
    AND read_at IS NULL;


-- name: remove :affected
-- Take a message back from a user; the message stays.
DELETE FROM user_message_association
WHERE
    user_id = :user_id
    AND message_id = :message_id;
