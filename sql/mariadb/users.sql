-- Users: the forms for MariaDB.
--
-- MariaDB returns rows from INSERT and DELETE, not from UPDATE.  So an update that returns the row offers the
-- row to INSERT again: its own key makes that an update, nothing is ever inserted, and a row that is gone
-- offers nothing.  FOR UPDATE lets two callers queue for the row; without it both would hold a shared
-- lock and deadlock.

-- name: upsert :one User
INSERT INTO users (username, email)
VALUES (:username, :email)
-- Any unique key brings us here, the email's too.  A row of another name is somebody else's: NULL is refused,
-- where the other engines refuse the email as a duplicate.
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
