-- The same said in each engine's own words, which mean different things.

-- name: at_least_three :many
-- NULL
-- @column amount int?
SELECT id, greatest(amount, 3) AS amount FROM items;

-- name: a_month_later :many
-- dates
-- @column later date?
SELECT id, date_add(made_on, INTERVAL 1 MONTH) AS later FROM items;

-- name: weekdays :many
-- .
SELECT id, dayofweek(made_on) AS day FROM items;

-- name: to_the_second :many
-- precision|dates
-- @column at datetime?
SELECT id, CAST(made_at AS datetime) AS at FROM items;

-- name: place_of :many
-- collation and case
SELECT id, position(:part IN name) AS place FROM items;

-- name: all_labels :one
-- .
SELECT group_concat(label SEPARATOR ',') AS labels FROM labels;

-- name: trimmed :many
-- spaces
SELECT id, rtrim(name) AS name FROM items;
