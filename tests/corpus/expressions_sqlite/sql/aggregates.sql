-- Aggregates over all rows, which may be none.

-- name: count_all :one AggCountAll
SELECT count(*) AS value FROM entries;

-- name: count_column :one AggCountColumn
SELECT count(rank) AS value FROM entries;

-- name: count_distinct :one AggCountDistinct
SELECT count(DISTINCT title) AS value FROM entries;

-- name: sum_int :one AggSumInt
SELECT sum(score) AS value FROM entries;

-- name: sum_null :one AggSumNull
SELECT sum(rank) AS value FROM entries;

-- name: sum_real :one AggSumReal
SELECT sum(ratio) AS value FROM entries;

-- name: sum_price :one AggSumPrice
SELECT sum(price) AS value FROM entries;

-- name: sum_flag :one AggSumFlag
SELECT sum(active) AS value FROM entries;

-- name: sum_compare :one AggSumCompare
SELECT sum(score > 1) AS value FROM entries;

-- name: sum_text :one AggSumText
SELECT sum(title) AS value FROM entries;

-- name: sum_case :one AggSumCase
SELECT sum(CASE WHEN active THEN 1 ELSE 0 END) AS value FROM entries;

-- name: sum_product :one AggSumProduct
SELECT sum(price * score) AS value FROM entries;

-- name: total_of :one AggTotalOf
SELECT total(score) AS value FROM entries;

-- name: avg_int :one AggAvgInt
SELECT avg(score) AS value FROM entries;

-- name: avg_price :one AggAvgPrice
SELECT avg(price) AS value FROM entries;

-- name: min_text :one AggMinText
SELECT min(title) AS value FROM entries;

-- name: max_day :one AggMaxDay
SELECT max(on_day) AS value FROM entries;

-- name: max_flag :one AggMaxFlag
SELECT max(active) AS value FROM entries;

-- name: max_written :one AggMaxWritten
SELECT max(written_at) AS value FROM entries;

-- name: max_price :one AggMaxPrice
SELECT max(price) AS value FROM entries;

-- name: group_concat_of :one AggGroupConcatOf
SELECT group_concat(title) AS value FROM entries;

-- name: group_concat_separator :one AggGroupConcatSeparator
SELECT group_concat(title, '; ') AS value FROM entries;

-- name: group_concat_distinct :one AggGroupConcatDistinct
SELECT group_concat(DISTINCT title) AS value FROM entries;

-- name: json_group_array_of :one AggJsonGroupArrayOf
SELECT json_group_array(title) AS value FROM entries;

-- name: json_group_object_of :one AggJsonGroupObjectOf
SELECT json_group_object(id, title) AS value FROM entries;

-- name: coalesce_sum :one AggCoalesceSum
SELECT COALESCE(sum(score), 0) AS value FROM entries;

-- name: coalesce_max :one AggCoalesceMax
SELECT COALESCE(max(on_day), '1970-01-01') AS value FROM entries;

-- name: filter_count :one AggFilterCount
SELECT count(*) FILTER (WHERE active) AS value FROM entries;

-- name: filter_sum :one AggFilterSum
SELECT sum(score) FILTER (WHERE active) AS value FROM entries;

-- name: ratio_of_sums :one AggRatioOfSums
SELECT sum(score) / count(*) AS value FROM entries;

-- name: ratio_real :one AggRatioReal
SELECT 1.0 * sum(score) / count(*) AS value FROM entries;

-- name: round_avg :one AggRoundAvg
SELECT round(avg(price), 2) AS value FROM entries;

-- name: bare_column :one AggBareColumn
SELECT title || max(score) AS value FROM entries;

-- name: grouped_sum :many AggGroupedSum
SELECT sum(score) AS value FROM entries GROUP BY active;
