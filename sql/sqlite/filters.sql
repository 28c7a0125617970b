-- Filters: the forms for SQLite.  Its LIKE always ignores the case of ASCII letters; GLOB does not.  In GLOB,
-- * matches any text and ? matches one letter; in brackets, each of them matches only itself.

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
