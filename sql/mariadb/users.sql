-- Users: the forms for MariaDB.
--
-- MariaDB returns rows from INSERT and DELETE, not from UPDATE.  So an update that returns the row selects the
-- row and inserts it again: because its key exists, the INSERT updates it.  If the row was deleted, nothing
-- is selected or inserted.  FOR UPDATE makes one of two callers wait; without it both would take a shared
-- lock and deadlock.

-- name: upsert :one User
INSERT INTO users (username, email)
VALUES (:username, :email)
-- This part runs for a duplicate of any unique key, also of the email.  If the row has another name, it belongs
-- to another user: NULL makes the statement fail.  The other engines refuse the email as a duplicate.
ON DUPLICATE KEY UPDATE email = CASE WHEN username = VALUES(username) THEN VALUES(email) END
RETURNING id, username, email, age, rating, balance, active, role, external_id, created_at;


-- name: patch :maybe User
INSERT INTO users (id, username, email)
SELECT id, username, email
FROM users AS old
WHERE id = :id
FOR UPDATE
ON DUPLICATE KEY UPDATE
    email = :email, -- if :email given
    age = :age, -- if :age given
    rating = :rating, -- if :rating given
    active = :active, -- if :active given
    role = :role -- if :role given
RETURNING id, username, email, age, rating, balance, active, role, external_id, created_at;


-- name: update_email :maybe User
INSERT INTO users (id, username, email)
SELECT id, username, email
FROM users AS old
WHERE id = :id
FOR UPDATE
ON DUPLICATE KEY UPDATE email = :email
RETURNING id, username, email, age, rating, balance, active, role, external_id, created_at;


-- name: update_role :maybe User
INSERT INTO users (id, username, email)
SELECT id, username, email
FROM users AS old
WHERE id = :id
FOR UPDATE
ON DUPLICATE KEY UPDATE role = :role
RETURNING id, username, email, age, rating, balance, active, role, external_id, created_at;


-- name: add_balance :maybe User
INSERT INTO users (id, username, email)
SELECT id, username, email
FROM users AS old
WHERE id = :id
FOR UPDATE
ON DUPLICATE KEY UPDATE balance = round(users.balance + :amount, 2)
RETURNING id, username, email, age, rating, balance, active, role, external_id, created_at;


-- name: deactivate :maybe User
INSERT INTO users (id, username, email)
SELECT id, username, email
FROM users AS old
WHERE id = :id
FOR UPDATE
ON DUPLICATE KEY UPDATE active = FALSE
RETURNING id, username, email, age, rating, balance, active, role, external_id, created_at;
