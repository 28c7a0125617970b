-- Profiles: what users say about themselves, at most one for each user.

-- name: create :one Profile
-- Insert a user's profile; the stored row is returned.
-- @param settings dict
-- @column settings dict
INSERT INTO profiles (user_id, bio, avatar, born_on, digest_at, settings)
VALUES (:user_id, :bio, :avatar, :born_on, :digest_at, :settings)
RETURNING user_id, bio, avatar, born_on, digest_at, settings;


-- name: upsert :one Profile
-- Insert a user's profile or replace all its columns.
-- @param settings dict
INSERT INTO profiles (user_id, bio, avatar, born_on, digest_at, settings)
VALUES (:user_id, :bio, :avatar, :born_on, :digest_at, :settings)
ON CONFLICT (user_id) DO UPDATE
SET
    bio = excluded.bio,
    avatar = excluded.avatar,
    born_on = excluded.born_on,
    digest_at = excluded.digest_at,
    settings = excluded.settings
RETURNING user_id, bio, avatar, born_on, digest_at, settings;


-- name: by_user :maybe Profile
-- The profile of a user.
SELECT user_id, bio, avatar, born_on, digest_at, settings
FROM profiles
WHERE user_id = :user_id;


-- name: list_all :many Profile
-- Every profile, by user.
SELECT user_id, bio, avatar, born_on, digest_at, settings
FROM profiles
ORDER BY user_id;


-- name: of_active_users :many UserWithProfile
-- Every user who may sign in, with the profile where there is one.
-- @column settings dict?
SELECT users.id, users.username, profiles.born_on, profiles.digest_at, profiles.settings
FROM users
LEFT OUTER JOIN profiles ON users.id = profiles.user_id
WHERE users.active
ORDER BY users.id;


-- name: update_settings :maybe Profile
-- Replace a profile's settings.
-- @param settings dict
UPDATE profiles
SET settings = :settings
WHERE user_id = :user_id
RETURNING user_id, bio, avatar, born_on, digest_at, settings;


-- name: update_avatar :maybe Profile
-- Replace a profile's picture, or remove it.
UPDATE profiles
SET avatar = :avatar
WHERE user_id = :user_id
RETURNING user_id, bio, avatar, born_on, digest_at, settings;


-- name: delete :affected
-- Delete a user's profile; the user stays.
DELETE FROM profiles
WHERE user_id = :user_id;
