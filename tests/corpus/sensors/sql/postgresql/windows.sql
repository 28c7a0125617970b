-- What PostgreSQL alone says.

-- name: buckets :many Bucket
SELECT date_bin('15 minutes', taken_at, TIMESTAMPTZ '2000-01-01 00:00Z') AS bucket, avg(value_) AS mean
FROM measurements GROUP BY 1 ORDER BY 1;

-- name: gaps :many Gap
SELECT sensor_id, taken_at - lag(taken_at) OVER (PARTITION BY sensor_id ORDER BY taken_at) AS gap FROM measurements;

-- name: last_per_sensor :many LastPer
SELECT DISTINCT ON (sensor_id) sensor_id, taken_at, value_ FROM measurements ORDER BY sensor_id, taken_at DESC;

-- name: alarm_length :many AlarmLength
SELECT id, COALESCE(cleared_at, LOCALTIMESTAMP) - raised_at AS length, EXTRACT(EPOCH FROM cleared_at - raised_at) AS seconds
FROM alarms;

-- name: setting :many Setting
SELECT id, settings ->> 'unit' AS unit, CAST(settings ->> 'a' AS text) AS a, settings -> 'b' AS b FROM sensors;

-- name: regression :one Regression
SELECT corr(value_, quality) AS corr, regr_slope(value_, quality) AS slope, stddev_pop(value_) AS deviation
FROM measurements;

-- name: numbered_days :many NumberedDay
SELECT d.day::date AS day, count(s.id) AS installed
FROM generate_series(CAST(:first AS date), CAST(:first AS date) + 6, INTERVAL '1 day') AS d (day)
LEFT JOIN sensors AS s ON s.installed_on = d.day::date GROUP BY d.day LIMIT 20;
