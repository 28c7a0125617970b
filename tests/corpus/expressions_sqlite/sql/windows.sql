-- Window functions and frames.

-- name: row_number_of :many WinRowNumberOf
SELECT row_number() OVER (ORDER BY id) AS value FROM entries;

-- name: rank_of :many WinRankOf
SELECT rank() OVER (ORDER BY score) AS value FROM entries;

-- name: dense_rank_of :many WinDenseRankOf
SELECT dense_rank() OVER (PARTITION BY active ORDER BY score) AS value FROM entries;

-- name: percent_rank_of :many WinPercentRankOf
SELECT percent_rank() OVER (ORDER BY score) AS value FROM entries;

-- name: cume_dist_of :many WinCumeDistOf
SELECT cume_dist() OVER (ORDER BY score) AS value FROM entries;

-- name: ntile_of :many WinNtileOf
SELECT ntile(3) OVER (ORDER BY id) AS value FROM entries;

-- name: lag_of :many WinLagOf
SELECT lag(score) OVER (ORDER BY id) AS value FROM entries;

-- name: lag_default :many WinLagDefault
SELECT lag(score, 1, 0) OVER (ORDER BY id) AS value FROM entries;

-- name: lag_day :many WinLagDay
SELECT lag(on_day) OVER (ORDER BY id) AS value FROM entries;

-- name: lead_of :many WinLeadOf
SELECT lead(title, 2) OVER (ORDER BY id) AS value FROM entries;

-- name: first_value_of :many WinFirstValueOf
SELECT first_value(title) OVER (ORDER BY id) AS value FROM entries;

-- name: first_value_frame :many WinFirstValueFrame
SELECT first_value(title) OVER (ORDER BY id ROWS BETWEEN 1 FOLLOWING AND 2 FOLLOWING) AS value
FROM entries;

-- name: last_value_of :many WinLastValueOf
SELECT last_value(price) OVER (ORDER BY id) AS value FROM entries;

-- name: nth_value_of :many WinNthValueOf
SELECT nth_value(price, 2) OVER (ORDER BY id) AS value FROM entries;

-- name: sum_over :many WinSumOver
SELECT sum(score) OVER (ORDER BY id) AS value FROM entries;

-- name: sum_over_partition :many WinSumOverPartition
SELECT sum(price) OVER (PARTITION BY active) AS value FROM entries;

-- name: sum_frame :many WinSumFrame
SELECT sum(score) OVER (ORDER BY id ROWS BETWEEN 2 PRECEDING AND 1 PRECEDING) AS value FROM entries;

-- name: avg_over :many WinAvgOver
SELECT avg(ratio) OVER (ORDER BY id ROWS 2 PRECEDING) AS value FROM entries;

-- name: count_over :many WinCountOver
SELECT count(*) OVER () AS value FROM entries;

-- name: max_over :many WinMaxOver
SELECT max(on_day) OVER (PARTITION BY pinned) AS value FROM entries;

-- name: min_range :many WinMinRange
SELECT min(score) OVER (ORDER BY score RANGE BETWEEN 1 PRECEDING AND CURRENT ROW) AS value
FROM entries;

-- name: groups_frame :many WinGroupsFrame
SELECT count(*) OVER (ORDER BY score GROUPS 1 PRECEDING) AS value FROM entries;

-- name: exclude_frame :many WinExcludeFrame
SELECT sum(score) OVER (ORDER BY id ROWS UNBOUNDED PRECEDING EXCLUDE CURRENT ROW) AS value
FROM entries;

-- name: group_concat_over :many WinGroupConcatOver
SELECT group_concat(title, ',') OVER (ORDER BY id) AS value FROM entries;

-- name: filter_over :many WinFilterOver
SELECT sum(score) FILTER (WHERE active) OVER (ORDER BY id) AS value FROM entries;
