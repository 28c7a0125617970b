-- The same said in each engine's own words, which mean different things.

-- name: at_least_three :many
-- NULL
-- @column amount int?
SELECT id, greatest(amount, 3) AS amount FROM items;

-- name: a_month_later :many
-- dates
-- @column later date?
SELECT id, CAST(made_on + interval '1 month' AS date) AS later FROM items;

-- name: weekdays :many
-- .
SELECT id, CAST(extract(dow FROM made_on) AS integer) AS day FROM items;

-- name: to_the_second :many
-- precision|dates
-- @column at datetime?
SELECT id, CAST(made_at AS timestamp(0)) AS at FROM items;

-- name: place_of :many
-- collation and case
SELECT id, position(:part IN name) AS place FROM items;

-- name: all_labels :one
-- .
SELECT string_agg(label, ', ') AS labels FROM labels;

-- name: trimmed :many
-- spaces
SELECT id, trim(name) AS name FROM items;
