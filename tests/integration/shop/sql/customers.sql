-- Customers: people who "buy".
--
-- The second paragraph is long, so long that it has to be wrapped where the generated file is narrower than this one.
--
-- * a list with a line that is much longer than the generated file is wide, and whose next line is indented
-- * another "item"

-- name: create :one Customer
-- Insert a customer.
-- @column level app.types.Level
-- @column settings dict
INSERT INTO customers (name)
VALUES (:name)
RETURNING
    id,
    name,
    born_on,
    joined_at,
    seen_at,
    wakes_at,
    credit,
    rating,
    active,
    level,
    picture,
    token,
    settings,
    stays;


-- name: create_full :one Customer
-- Insert a customer with every column given, which makes a signature of many lines.
-- @param level app.types.Level
-- @param settings dict
INSERT INTO customers (
    name,
    born_on,
    joined_at,
    seen_at,
    wakes_at,
    credit,
    rating,
    active,
    level,
    picture,
    token,
    settings,
    stays
)
VALUES (
    :name,
    :born_on,
    :joined_at,
    :seen_at,
    :wakes_at,
    :credit,
    :rating,
    :active,
    :level,
    :picture,
    :token,
    :settings,
    :stays
)
RETURNING
    id,
    name,
    born_on,
    joined_at,
    seen_at,
    wakes_at,
    credit,
    rating,
    active,
    level,
    picture,
    token,
    settings,
    stays;


-- name: by_id :maybe Customer
-- "One" customer by \key\
SELECT
    id,
    name,
    born_on,
    joined_at,
    seen_at,
    wakes_at,
    credit,
    rating,
    active,
    level,
    picture,
    token,
    settings,
    stays
FROM customers
WHERE id = :id;


-- name: stream_names :stream scalar
-- Every name; """ stands here.
SELECT name FROM customers ORDER BY id;


-- name: by_levels :many scalar
-- The keys of the customers of these levels.
-- @param levels app.types.Level
SELECT id FROM customers WHERE level IN (:levels) ORDER BY id;


-- name: youngest :one scalar
-- The last birthday; None without any.
-- @column born_on date?
SELECT max(born_on) AS born_on FROM customers;


-- name: summary :one
-- No record: a row of typed columns that is too wide for one line of the generated file, at eighty-eight characters.
-- @column credit Decimal?
-- @column last_seen datetime?
SELECT
    count(*) AS customers,
    sum(credit) AS credit,
    max(seen_at) AS last_seen,
    max(rating) AS best_rating,
    min(name) AS first_name
FROM customers;


-- name: pairs :many
-- A narrow row without a record.
SELECT id, name FROM customers ORDER BY id;


-- name: lengths :many NameLength
-- A record that the application wrote by hand.
SELECT name, length(name) AS length FROM customers ORDER BY id;


-- name: insert_many :batch
-- Insert many customers.
INSERT INTO customers (name, credit) VALUES (:name, :credit);


-- name: create_many :batch Customer
-- Insert many customers; the rows come back.
INSERT INTO customers (name)
VALUES (:name)
RETURNING
    id,
    name,
    born_on,
    joined_at,
    seen_at,
    wakes_at,
    credit,
    rating,
    active,
    level,
    picture,
    token,
    settings,
    stays;


-- name: rename :maybe Customer
-- Give a customer another name.
UPDATE customers SET name = :name WHERE id = :id
RETURNING
    id,
    name,
    born_on,
    joined_at,
    seen_at,
    wakes_at,
    credit,
    rating,
    active,
    level,
    picture,
    token,
    settings,
    stays;


-- name: forget_picture :exec
-- Nothing is returned.
UPDATE customers SET picture = NULL WHERE id = :id;


-- name: delete :affected
-- Delete a customer.
DELETE FROM customers WHERE id = :id;


-- name: delete_visits :affected
-- Another table's rows: no method of the customer.
DELETE FROM visits WHERE customer_id = :id;


-- name: deactivate_all_of_a_level_that_has_a_very_long_name_indeed :affected
-- @param level app.types.Level
UPDATE customers SET active = FALSE WHERE level = :level;
