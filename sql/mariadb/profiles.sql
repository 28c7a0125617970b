-- Profiles: the forms for MariaDB.  users.sql in this folder explains why an update is written as an INSERT.

-- name: upsert :one Profile
INSERT INTO profiles (user_id, bio, avatar, born_on, digest_at, settings)
VALUES (:user_id, :bio, :avatar, :born_on, :digest_at, :settings)
ON DUPLICATE KEY UPDATE
    bio = VALUES(bio),
    avatar = VALUES(avatar),
    born_on = VALUES(born_on),
    digest_at = VALUES(digest_at),
    settings = VALUES(settings)
RETURNING user_id, bio, avatar, born_on, digest_at, settings;


-- name: update_settings :maybe Profile
INSERT INTO profiles (user_id)
SELECT user_id
FROM profiles AS old
WHERE user_id = :user_id
FOR UPDATE
ON DUPLICATE KEY UPDATE settings = :settings
RETURNING user_id, bio, avatar, born_on, digest_at, settings;


-- name: update_avatar :maybe Profile
INSERT INTO profiles (user_id)
SELECT user_id
FROM profiles AS old
WHERE user_id = :user_id
FOR UPDATE
ON DUPLICATE KEY UPDATE avatar = :avatar
RETURNING user_id, bio, avatar, born_on, digest_at, settings;
