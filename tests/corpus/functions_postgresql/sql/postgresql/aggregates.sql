-- Aggregates over all rows, which may be none.

-- name: count_all :one AggCountAll
SELECT count(*) AS value FROM readings;

-- name: count_distinct :one AggCountDistinct
SELECT count(DISTINCT m) AS value FROM readings;

-- name: sum_int :one AggSumInt
SELECT sum(n) AS value FROM readings;

-- name: sum_small :one AggSumSmall
SELECT sum(small) AS value FROM readings;

-- name: sum_big :one AggSumBig
SELECT sum(big) AS value FROM readings;

-- name: sum_numeric :one AggSumNumeric
SELECT sum(rain) AS value FROM readings;

-- name: sum_float :one AggSumFloat
SELECT sum(temp) AS value FROM readings;

-- name: sum_real :one AggSumReal
SELECT sum(wind) AS value FROM readings;

-- name: sum_interval :one AggSumInterval
SELECT sum(lasted) AS value FROM readings;

-- name: avg_int :one AggAvgInt
SELECT avg(n) AS value FROM readings;

-- name: avg_float :one AggAvgFloat
SELECT avg(temp) AS value FROM readings;

-- name: avg_interval :one AggAvgInterval
SELECT avg(lasted) AS value FROM readings;

-- name: min_text :one AggMinText
SELECT min(station) AS value FROM readings;

-- name: max_day :one AggMaxDay
SELECT max(day) AS value FROM readings;

-- name: max_enum :one AggMaxEnum
SELECT max(state) AS value FROM readings;

-- name: max_array :one AggMaxArray
SELECT max(tags) AS value FROM readings;

-- name: max_inet :one AggMaxInet
SELECT max(host) AS value FROM readings;

-- name: bool_and_of :one AggBoolAndOf
SELECT bool_and(ok) AS value FROM readings;

-- name: every_of :one AggEveryOf
SELECT every(ok) AS value FROM readings;

-- name: bit_and_of :one AggBitAndOf
SELECT bit_and(n) AS value FROM readings;

-- name: string_agg_of :one AggStringAggOf
SELECT string_agg(station, ',' ORDER BY station) AS value FROM readings;

-- name: array_agg_of :one AggArrayAggOf
SELECT array_agg(n) AS value FROM readings;

-- name: array_agg_day :one AggArrayAggDay
SELECT array_agg(day ORDER BY day) AS value FROM readings;

-- name: array_agg_enum :one AggArrayAggEnum
SELECT array_agg(state) AS value FROM readings;

-- name: json_agg_of :one AggJsonAggOf
SELECT json_agg(station) AS value FROM readings;

-- name: jsonb_object_agg_of :one AggJsonbObjectAggOf
SELECT jsonb_object_agg(id, n) AS value FROM readings;

-- name: stddev_of :one AggStddevOf
SELECT stddev(n) AS value FROM readings;

-- name: variance_float :one AggVarianceFloat
SELECT variance(temp) AS value FROM readings;

-- name: corr_of :one AggCorrOf
SELECT corr(temp, n) AS value FROM readings;

-- name: regr_of :one AggRegrOf
SELECT regr_count(temp, n) AS value FROM readings;

-- name: percentile_cont_of :one AggPercentileContOf
SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY temp) AS value FROM readings;

-- name: percentile_disc_of :one AggPercentileDiscOf
SELECT percentile_disc(0.5) WITHIN GROUP (ORDER BY rain) AS value FROM readings;

-- name: percentile_array :one AggPercentileArray
SELECT percentile_cont(ARRAY[0.25, 0.75]) WITHIN GROUP (ORDER BY temp) AS value FROM readings;

-- name: mode_of :one AggModeOf
SELECT mode() WITHIN GROUP (ORDER BY station) AS value FROM readings;

-- name: filter_of :one AggFilterOf
SELECT sum(n) FILTER (WHERE ok) AS value FROM readings;

-- name: coalesce_sum :one AggCoalesceSum
SELECT COALESCE(sum(rain), 0) AS value FROM readings;

-- name: own_aggregate :one AggOwnAggregate
SELECT product_of(1) AS value FROM readings;

-- name: range_agg_of :one AggRangeAggOf
SELECT range_agg(span) AS value FROM readings;

-- name: rank_hypothetical :one AggRankHypothetical
SELECT rank(3) WITHIN GROUP (ORDER BY n) AS value FROM readings;
