-- The same said in each engine's own words, which mean different things.

-- name: at_least_three :many
-- NULL
-- @column amount int?
SELECT id, max(amount, 3) AS amount FROM items;

-- name: a_month_later :many
-- dates
-- @column later date?
SELECT id, date(made_on, '+1 month') AS later FROM items;

-- name: weekdays :many
-- .
SELECT id, CAST(strftime('%w', made_on) AS integer) AS day FROM items;

-- name: to_the_second :many
-- precision|dates
-- @column at datetime?
SELECT id, strftime('%Y-%m-%d %H:%M:%S', made_at) AS at FROM items;

-- name: place_of :many
-- collation and case
SELECT id, instr(name, :part) AS place FROM items;

-- name: all_labels :one
-- .
SELECT group_concat(label, ',') AS labels FROM labels;

-- name: trimmed :many
-- spaces
SELECT id, rtrim(name) AS name FROM items;
