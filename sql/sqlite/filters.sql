-- Filters: the forms for SQLite, whose LIKE always ignores the case of ASCII letters.  GLOB does not; it writes
-- * for any text and ? for one letter, and takes a letter in brackets as itself.

-- name: like_pattern :many User
SELECT id, username, email, age, rating, balance, active, role, external_id, created_at
FROM users
WHERE
    username GLOB
    replace(replace(replace(replace(replace(:pattern, '[', '[[]'), '*', '[*]'), '?', '[?]'), '%', '*'), '_', '?')
ORDER BY id;


-- name: starts_with :many User
SELECT id, username, email, age, rating, balance, active, role, external_id, created_at
FROM users
WHERE username GLOB replace(replace(replace(:prefix, '[', '[[]'), '*', '[*]'), '?', '[?]') || '*'
ORDER BY id;


-- name: ends_with :many User
SELECT id, username, email, age, rating, balance, active, role, external_id, created_at
FROM users
WHERE username GLOB '*' || replace(replace(replace(:suffix, '[', '[[]'), '*', '[*]'), '?', '[?]')
ORDER BY id;
