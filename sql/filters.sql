-- Filters: one statement on users for each way to choose rows.
--
-- Copy the WHERE clause that you need into your own file.  A comparison with NULL is never true: a user
-- without an age is not in the result of any comparison of ages, even with NOT.
--
-- Text from a person is escaped for LIKE, so that a % in it means a percent sign.  The escape character is !,
-- because engines read a backslash differently.  Only like_pattern and like_ignoring_case take a pattern.

-- name: equal :many User
-- Users of this age.
SELECT id, username, email, age, rating, balance, active, role, external_id, created_at
FROM users
WHERE age = :age
ORDER BY id;


-- name: not_equal :many User
-- Users of another age.
SELECT id, username, email, age, rating, balance, active, role, external_id, created_at
FROM users
WHERE age <> :age
ORDER BY id;


-- name: greater :many User
-- Users older than this.
SELECT id, username, email, age, rating, balance, active, role, external_id, created_at
FROM users
WHERE age > :age
ORDER BY id;


-- name: greater_or_equal :many User
-- Users of this age or older.
SELECT id, username, email, age, rating, balance, active, role, external_id, created_at
FROM users
WHERE age >= :age
ORDER BY id;


-- name: less :many User
-- Users younger than this.
SELECT id, username, email, age, rating, balance, active, role, external_id, created_at
FROM users
WHERE age < :age
ORDER BY id;


-- name: less_or_equal :many User
-- Users of this age or younger.
SELECT id, username, email, age, rating, balance, active, role, external_id, created_at
FROM users
WHERE age <= :age
ORDER BY id;


-- name: like_pattern :many User
-- Users whose name matches a pattern: % matches any text, _ matches one letter.
SELECT id, username, email, age, rating, balance, active, role, external_id, created_at
FROM users
-- A ! in the pattern is doubled, so that it is a plain character: a pattern has no escape character here.
WHERE username LIKE replace(:pattern, '!', '!!') ESCAPE '!'
ORDER BY id;


-- name: like_ignoring_case :many User
-- Users whose email matches a pattern, without regard to case.
SELECT id, username, email, age, rating, balance, active, role, external_id, created_at
FROM users
WHERE lower(email) LIKE replace(lower(:pattern), '!', '!!') ESCAPE '!'
ORDER BY id;


-- name: in_list :many User
-- Users with one of these names.
SELECT id, username, email, age, rating, balance, active, role, external_id, created_at
FROM users
WHERE username IN (:usernames)
ORDER BY id;


-- name: not_in_list :many User
-- Users with none of these names.
SELECT id, username, email, age, rating, balance, active, role, external_id, created_at
FROM users
WHERE username NOT IN (:usernames)
ORDER BY id;


-- name: is_null :many User
-- Users whose age is not known.
SELECT id, username, email, age, rating, balance, active, role, external_id, created_at
FROM users
WHERE age IS NULL
ORDER BY id;


-- name: is_not_null :many User
-- Users whose age is known.
SELECT id, username, email, age, rating, balance, active, role, external_id, created_at
FROM users
WHERE age IS NOT NULL
ORDER BY id;


-- name: all_of :many User
-- Users of a role who may sign in as well.
-- @param role pydb.sample.types.Role
SELECT id, username, email, age, rating, balance, active, role, external_id, created_at
FROM users
WHERE
    role = :role
    AND active
ORDER BY id;


-- name: any_of :many User
-- Users of either role.
-- @param role pydb.sample.types.Role
-- @param other_role pydb.sample.types.Role
SELECT id, username, email, age, rating, balance, active, role, external_id, created_at
FROM users
WHERE
    role = :role
    OR role = :other_role
ORDER BY id;


-- name: none_of :many User
-- Users of any other role.
-- @param role pydb.sample.types.Role
SELECT id, username, email, age, rating, balance, active, role, external_id, created_at
FROM users
WHERE NOT role = :role
ORDER BY id;


-- name: between :many User
-- Users between two ages, both included.
SELECT id, username, email, age, rating, balance, active, role, external_id, created_at
FROM users
WHERE age BETWEEN :youngest AND :oldest
ORDER BY id;


-- name: starts_with :many User
-- Users whose name starts with this text.
SELECT id, username, email, age, rating, balance, active, role, external_id, created_at
FROM users
WHERE username LIKE replace(replace(replace(:prefix, '!', '!!'), '%', '!%'), '_', '!_') || '%' ESCAPE '!'
ORDER BY id;


-- name: ends_with :many User
-- Users whose name ends with this text.
SELECT id, username, email, age, rating, balance, active, role, external_id, created_at
FROM users
WHERE username LIKE '%' || replace(replace(replace(:suffix, '!', '!!'), '%', '!%'), '_', '!_') ESCAPE '!'
ORDER BY id;


-- name: contains_ignoring_case :many User
-- Users whose email contains this text, without regard to case.
SELECT id, username, email, age, rating, balance, active, role, external_id, created_at
FROM users
WHERE
    lower(email)
    LIKE '%' || replace(replace(replace(lower(:part), '!', '!!'), '%', '!%'), '_', '!_') || '%' ESCAPE '!'
ORDER BY id;


-- name: expression :many User
-- Users who will be older than this on their next birthday.
SELECT id, username, email, age, rating, balance, active, role, external_id, created_at
FROM users
WHERE age + 1 > :limit
ORDER BY id;


-- name: several :many User
-- Users of a role, of at least this age and balance, who may sign in.
-- @param role pydb.sample.types.Role
SELECT id, username, email, age, rating, balance, active, role, external_id, created_at
FROM users
WHERE
    role = :role
    AND age >= :age
    AND balance >= :balance
    AND active
ORDER BY id;


-- name: nested :many User
-- Users who may sign in, and are of a role or of at least this age.
-- @param role pydb.sample.types.Role
SELECT id, username, email, age, rating, balance, active, role, external_id, created_at
FROM users
WHERE
    active
    AND (
        role = :role
        OR age >= :age
    )
ORDER BY id;
