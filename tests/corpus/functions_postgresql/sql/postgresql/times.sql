-- Functions of dates and times.

-- name: age_of :many TimeAgeOf
SELECT age(local_at) AS value FROM readings;

-- name: age_two :many TimeAgeTwo
SELECT age(at, later) AS value FROM readings;

-- name: clock_of :one TimeClockOf
SELECT clock_timestamp() AS value;

-- name: current_date_of :one TimeCurrentDateOf
SELECT CURRENT_DATE AS value;

-- name: current_time_of :one TimeCurrentTimeOf
SELECT CURRENT_TIME AS value;

-- name: current_timestamp_of :one TimeCurrentTimestampOf
SELECT CURRENT_TIMESTAMP AS value;

-- name: localtime_of :one TimeLocaltimeOf
SELECT LOCALTIME AS value;

-- name: localtimestamp_of :one TimeLocaltimestampOf
SELECT LOCALTIMESTAMP AS value;

-- name: now_of :one TimeNowOf
SELECT now() AS value;

-- name: date_bin_of :many TimeDateBinOf
SELECT date_bin('15 minutes', local_at, TIMESTAMP '2001-01-01') AS value FROM readings;

-- name: date_part_of :many TimeDatePartOf
SELECT date_part('year', day) AS value FROM readings;

-- name: date_trunc_of :many TimeDateTruncOf
SELECT date_trunc('month', local_at) AS value FROM readings;

-- name: date_trunc_instant :many TimeDateTruncInstant
SELECT date_trunc('day', at) AS value FROM readings;

-- name: date_trunc_interval :many TimeDateTruncInterval
SELECT date_trunc('hour', lasted) AS value FROM readings;

-- name: extract_year :many TimeExtractYear
SELECT EXTRACT(YEAR FROM day) AS value FROM readings;

-- name: extract_epoch :many TimeExtractEpoch
SELECT EXTRACT(EPOCH FROM at) AS value FROM readings;

-- name: extract_interval :many TimeExtractInterval
SELECT EXTRACT(EPOCH FROM lasted) AS value FROM readings;

-- name: extract_null :many TimeExtractNull
SELECT EXTRACT(DOW FROM until) AS value FROM readings;

-- name: isfinite_of :many TimeIsfiniteOf
SELECT isfinite(day) AS value FROM readings;

-- name: justify_of :many TimeJustifyOf
SELECT justify_hours(lasted) AS value FROM readings;

-- name: make_date_of :one TimeMakeDateOf
SELECT make_date(2024, 2, 29) AS value;

-- name: make_interval_of :one TimeMakeIntervalOf
SELECT make_interval(days => 3) AS value;

-- name: make_time_of :one TimeMakeTimeOf
SELECT make_time(12, 30, 0) AS value;

-- name: make_timestamp_of :one TimeMakeTimestampOf
SELECT make_timestamp(2024, 2, 29, 12, 30, 0) AS value;

-- name: make_timestamptz_of :one TimeMakeTimestamptzOf
SELECT make_timestamptz(2024, 2, 29, 12, 30, 0, 'UTC') AS value;

-- name: timeofday_of :one TimeTimeofdayOf
SELECT timeofday() AS value;

-- name: timezone_of :many TimeTimezoneOf
SELECT timezone('UTC', at) AS value FROM readings;
