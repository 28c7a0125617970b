-- Window functions and frames.

-- name: row_number_of :many WinRowNumberOf
SELECT row_number() OVER (ORDER BY id) AS value FROM items;

-- name: rank_of :many WinRankOf
SELECT rank() OVER (ORDER BY n) AS value FROM items;

-- name: percent_rank_of :many WinPercentRankOf
SELECT percent_rank() OVER (ORDER BY n) AS value FROM items;

-- name: ntile_of :many WinNtileOf
SELECT ntile(3) OVER (ORDER BY id) AS value FROM items;

-- name: lag_of :many WinLagOf
SELECT lag(price) OVER (ORDER BY id) AS value FROM items;

-- name: lead_day :many WinLeadDay
SELECT lead(day, 2) OVER (ORDER BY id) AS value FROM items;

-- name: first_value_of :many WinFirstValueOf
SELECT first_value(name) OVER (ORDER BY id) AS value FROM items;

-- name: last_value_frame :many WinLastValueFrame
SELECT last_value(n) OVER (ORDER BY id ROWS BETWEEN 1 FOLLOWING AND 2 FOLLOWING) AS value
FROM items;

-- name: sum_over :many WinSumOver
SELECT sum(n) OVER (ORDER BY id) AS value FROM items;

-- name: sum_frame :many WinSumFrame
SELECT sum(price) OVER (ORDER BY id ROWS BETWEEN 2 PRECEDING AND 1 PRECEDING) AS value FROM items;

-- name: avg_over :many WinAvgOver
SELECT avg(n) OVER (PARTITION BY active) AS value FROM items;

-- name: count_over :many WinCountOver
SELECT count(*) OVER () AS value FROM items;

-- name: median_over :many WinMedianOver
SELECT median(n) OVER (PARTITION BY active) AS value FROM items;

-- name: cume_dist_of :many WinCumeDistOf
SELECT cume_dist() OVER (ORDER BY n) AS value FROM items;
