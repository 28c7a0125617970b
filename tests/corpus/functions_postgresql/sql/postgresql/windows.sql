-- Window functions and frames.

-- name: row_number_of :many WinRowNumberOf
SELECT row_number() OVER (ORDER BY id) AS value FROM readings;

-- name: rank_of :many WinRankOf
SELECT rank() OVER (ORDER BY n) AS value FROM readings;

-- name: percent_rank_of :many WinPercentRankOf
SELECT percent_rank() OVER (ORDER BY n) AS value FROM readings;

-- name: cume_dist_of :many WinCumeDistOf
SELECT cume_dist() OVER (ORDER BY n) AS value FROM readings;

-- name: ntile_of :many WinNtileOf
SELECT ntile(4) OVER (ORDER BY id) AS value FROM readings;

-- name: lag_of :many WinLagOf
SELECT lag(rain) OVER (ORDER BY id) AS value FROM readings;

-- name: lag_default :many WinLagDefault
SELECT lag(n, 1, 0) OVER (ORDER BY id) AS value FROM readings;

-- name: lead_day :many WinLeadDay
SELECT lead(day) OVER (ORDER BY id) AS value FROM readings;

-- name: first_value_of :many WinFirstValueOf
SELECT first_value(station) OVER (ORDER BY id) AS value FROM readings;

-- name: last_value_frame :many WinLastValueFrame
SELECT last_value(n) OVER (ORDER BY id ROWS BETWEEN 1 FOLLOWING AND 2 FOLLOWING) AS value
FROM readings;

-- name: nth_value_of :many WinNthValueOf
SELECT nth_value(n, 2) OVER (ORDER BY id) AS value FROM readings;

-- name: sum_over :many WinSumOver
SELECT sum(n) OVER (ORDER BY id) AS value FROM readings;

-- name: sum_frame :many WinSumFrame
SELECT sum(rain) OVER (ORDER BY id ROWS BETWEEN 2 PRECEDING AND 1 PRECEDING) AS value FROM readings;

-- name: avg_range :many WinAvgRange
SELECT avg(temp) OVER (ORDER BY day RANGE BETWEEN INTERVAL '1 day' PRECEDING AND CURRENT ROW) AS value
FROM readings;

-- name: count_groups :many WinCountGroups
SELECT count(*) OVER (ORDER BY n GROUPS 1 PRECEDING) AS value FROM readings;

-- name: exclude_of :many WinExcludeOf
SELECT sum(n) OVER (ORDER BY id ROWS UNBOUNDED PRECEDING EXCLUDE CURRENT ROW) AS value
FROM readings;

-- name: array_agg_over :many WinArrayAggOver
SELECT array_agg(n) OVER (ORDER BY id) AS value FROM readings;

-- name: max_over :many WinMaxOver
SELECT max(at) OVER (PARTITION BY ok) AS value FROM readings;
