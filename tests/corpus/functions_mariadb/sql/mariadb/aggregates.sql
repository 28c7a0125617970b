-- Aggregates over all rows, which may be none.

-- name: count_all :one AggCountAll
SELECT count(*) AS value FROM items;

-- name: count_distinct :one AggCountDistinct
SELECT count(DISTINCT m) AS value FROM items;

-- name: sum_int :one AggSumInt
SELECT sum(n) AS value FROM items;

-- name: sum_decimal :one AggSumDecimal
SELECT sum(price) AS value FROM items;

-- name: sum_double :one AggSumDouble
SELECT sum(ratio) AS value FROM items;

-- name: sum_flag :one AggSumFlag
SELECT sum(active) AS value FROM items;

-- name: sum_compare :one AggSumCompare
SELECT sum(n > 1) AS value FROM items;

-- name: avg_int :one AggAvgInt
SELECT avg(n) AS value FROM items;

-- name: avg_double :one AggAvgDouble
SELECT avg(ratio) AS value FROM items;

-- name: min_text :one AggMinText
SELECT min(name) AS value FROM items;

-- name: max_day :one AggMaxDay
SELECT max(day) AS value FROM items;

-- name: max_time :one AggMaxTime
SELECT max(at_time) AS value FROM items;

-- name: max_stamp :one AggMaxStamp
SELECT max(stamp) AS value FROM items;

-- name: max_flag :one AggMaxFlag
SELECT max(active) AS value FROM items;

-- name: max_choice :one AggMaxChoice
SELECT max(choice) AS value FROM items;

-- name: max_year :one AggMaxYear
SELECT max(made_in) AS value FROM items;

-- name: bit_or_of :one AggBitOrOf
SELECT bit_or(n) AS value FROM items;

-- name: bit_and_of :one AggBitAndOf
SELECT bit_and(n) AS value FROM items;

-- name: group_concat_of :one AggGroupConcatOf
SELECT group_concat(name ORDER BY name SEPARATOR '; ') AS value FROM items;

-- name: json_arrayagg_of :one AggJsonArrayaggOf
SELECT json_arrayagg(name) AS value FROM items;

-- name: json_objectagg_of :one AggJsonObjectaggOf
SELECT json_objectagg(name, n) AS value FROM items;

-- name: std_of :one AggStdOf
SELECT std(n) AS value FROM items;

-- name: var_samp_of :one AggVarSampOf
SELECT var_samp(n) AS value FROM items;

-- name: coalesce_sum :one AggCoalesceSum
SELECT COALESCE(sum(n), 0) AS value FROM items;

-- name: ifnull_max :one AggIfnullMax
SELECT IFNULL(max(price), 0) AS value FROM items;

-- name: sum_if :one AggSumIf
SELECT sum(IF(active, 1, 0)) AS value FROM items;
