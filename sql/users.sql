-- Users: people who sign in, write and read.
--
-- Deleting a user also deletes the profile, the posts, the comments and the deliveries, by the foreign keys
-- of the schema.

-- name: create :one User
-- Insert a user with the database's defaults; the stored row is returned.
-- @column role pydb.sample.types.Role
INSERT INTO users (username, email)
VALUES (:username, :email)
RETURNING id, username, email, age, rating, balance, active, role, external_id, created_at;


-- name: create_full :one User
-- Insert a user with every column given.
-- @param role pydb.sample.types.Role
INSERT INTO users (username, email, age, rating, balance, active, role, external_id)
VALUES (:username, :email, :age, :rating, :balance, :active, :role, :external_id)
RETURNING id, username, email, age, rating, balance, active, role, external_id, created_at;


-- name: upsert :one User
-- Insert a user, or give the user of that name this email; the same username always keeps its id.
INSERT INTO users (username, email)
VALUES (:username, :email)
ON CONFLICT (username) DO UPDATE
SET email = excluded.email
RETURNING id, username, email, age, rating, balance, active, role, external_id, created_at;


-- name: insert_many :batch
-- Insert many users in few round trips; their number is returned.
-- @param role pydb.sample.types.Role
INSERT INTO users (username, email, age, role)
VALUES (:username, :email, :age, :role);


-- name: by_id :maybe User
-- One user by key.
SELECT id, username, email, age, rating, balance, active, role, external_id, created_at
FROM users
WHERE id = :id;


-- name: by_username :maybe User
-- One user by its unique name, compared letter by letter.
SELECT id, username, email, age, rating, balance, active, role, external_id, created_at
FROM users
WHERE username = :username;


-- name: by_email :maybe User
-- One user by its unique email, compared letter by letter.
SELECT id, username, email, age, rating, balance, active, role, external_id, created_at
FROM users
WHERE email = :email;


-- name: by_external_id :maybe User
-- One user by the key that the identity provider gave.
SELECT id, username, email, age, rating, balance, active, role, external_id, created_at
FROM users
WHERE external_id = :external_id;


-- name: by_ids :many User
-- The users with these keys; a key without a user is left out.
SELECT id, username, email, age, rating, balance, active, role, external_id, created_at
FROM users
WHERE id IN (:ids)
ORDER BY id;


-- name: list_all :many User
-- Every user, the oldest first.
SELECT id, username, email, age, rating, balance, active, role, external_id, created_at
FROM users
ORDER BY id;


-- name: first :maybe User
-- The user with the lowest key.
SELECT id, username, email, age, rating, balance, active, role, external_id, created_at
FROM users
ORDER BY id
LIMIT 1;


-- name: last :maybe User
-- The user with the highest key.
SELECT id, username, email, age, rating, balance, active, role, external_id, created_at
FROM users
ORDER BY id DESC
LIMIT 1;


-- name: page_after :many User
-- The next page of users after a key; the first page is after 0.
SELECT id, username, email, age, rating, balance, active, role, external_id, created_at
FROM users
-- A key, not an OFFSET: every page costs the same, and no row is skipped if rows are inserted or deleted.
WHERE id > :after
ORDER BY id
LIMIT :limit;


-- name: page :many User
-- A page of the list of users, filtered and sorted; the next page begins after the last key of this one.
-- @param roles pydb.sample.types.Role
SELECT id, username, email, age, rating, balance, active, role, external_id, created_at
FROM users
WHERE
    TRUE
    AND active = :active -- if :active
    AND role IN (:roles) -- if :roles
    AND ( -- if :search
        lower(username)
        LIKE '%' || replace(replace(replace(lower(:search), '!', '!!'), '%', '!%'), '_', '!_') || '%' ESCAPE '!'
        OR lower(email)
        LIKE '%' || replace(replace(replace(lower(:search), '!', '!!'), '%', '!%'), '_', '!_') || '%' ESCAPE '!'
    )
    -- A key, not an OFFSET: every page costs the same.
    AND id < :after -- if :after and :order = newest
    AND id > :after -- if :after and :order = oldest
ORDER BY
    id DESC -- if :order = newest
    -- id -- if :order = oldest
LIMIT :limit;


-- name: stream_all :stream User
-- Every user in key order, read in bounded memory.
SELECT id, username, email, age, rating, balance, active, role, external_id, created_at
FROM users
ORDER BY id;


-- name: count_all :one scalar
-- How many users there are.
SELECT count(*) AS users
FROM users;


-- name: count_active :one scalar
-- How many users may sign in.
SELECT count(*) AS users
FROM users
WHERE active;


-- name: with_posts :maybe UserWithPosts
-- One user with the user's posts.
-- @group posts PostTitle
SELECT
    users.id, users.username,
    blog_posts.id AS posts__id,
    blog_posts.title AS posts__title
FROM users
LEFT OUTER JOIN blog_posts ON users.id = blog_posts.user_id
WHERE users.id = :id
ORDER BY blog_posts.id;


-- name: all_with_posts :many UserWithPosts
-- Every user with the user's posts; a user may have none.
-- @group posts PostTitle
SELECT
    users.id, users.username,
    blog_posts.id AS posts__id,
    blog_posts.title AS posts__title
FROM users
LEFT OUTER JOIN blog_posts ON users.id = blog_posts.user_id
ORDER BY
    users.id,
    blog_posts.id;


-- name: recipients_of :many User
-- The users to whom a message was delivered.
SELECT
    users.id, users.username, users.email, users.age, users.rating, users.balance, users.active,
    users.role, users.external_id, users.created_at
FROM user_message_association
INNER JOIN users ON user_message_association.user_id = users.id
WHERE user_message_association.message_id = :message_id
ORDER BY users.id;


-- name: patch :maybe User
-- Change the passed columns of a user; the others stay.
-- @param role pydb.sample.types.Role
UPDATE users
SET
    email = :email, -- if :email given
    age = :age, -- if :age given
    rating = :rating, -- if :rating given
    active = :active, -- if :active given
    role = :role -- if :role given
WHERE id = :id
RETURNING id, username, email, age, rating, balance, active, role, external_id, created_at;


-- name: update_email :maybe User
-- Give a user another email.
UPDATE users
SET email = :email
WHERE id = :id
RETURNING id, username, email, age, rating, balance, active, role, external_id, created_at;


-- name: update_role :maybe User
-- Give a user another role.
-- @param role pydb.sample.types.Role
UPDATE users
SET role = :role
WHERE id = :id
RETURNING id, username, email, age, rating, balance, active, role, external_id, created_at;


-- name: add_balance :maybe User
-- Add to a user's balance; a negative amount removes.  users_balance_check refuses a negative balance.
UPDATE users
-- Rounded because SQLite adds binary fractions: 0.1 + 0.2 must be 0.3.
SET balance = round(balance + :amount, 2)
WHERE id = :id
RETURNING id, username, email, age, rating, balance, active, role, external_id, created_at;


-- name: deactivate :maybe User
-- Forbid a user to sign in; the user's posts stay.
UPDATE users
SET active = FALSE
WHERE id = :id
RETURNING id, username, email, age, rating, balance, active, role, external_id, created_at;


-- name: deactivate_by_email_domain :affected
-- Forbid every user of an email domain to sign in; the number of changed users is returned.
UPDATE users
SET active = FALSE
WHERE
    active
    -- Domains ignore case.  The caller's text is literal: % and _ in it are not wildcards.
    AND lower(email) LIKE '%@' || replace(replace(replace(lower(:domain), '!', '!!'), '%', '!%'), '_', '!_') ESCAPE '!';


-- name: delete :affected
-- Delete a user and all that belongs to the user.
DELETE FROM users
WHERE id = :id;
