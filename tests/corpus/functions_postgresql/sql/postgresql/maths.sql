-- Functions of numbers.

-- name: abs_int :many MathsAbsInt
SELECT abs(n) AS value FROM readings;

-- name: abs_null :many MathsAbsNull
SELECT abs(m) AS value FROM readings;

-- name: cbrt_of :many MathsCbrtOf
SELECT cbrt(temp) AS value FROM readings;

-- name: ceil_numeric :many MathsCeilNumeric
SELECT ceil(rain) AS value FROM readings;

-- name: ceil_float :many MathsCeilFloat
SELECT ceil(temp) AS value FROM readings;

-- name: degrees_of :many MathsDegreesOf
SELECT degrees(temp) AS value FROM readings;

-- name: div_of :many MathsDivOf
SELECT div(rain, 2) AS value FROM readings;

-- name: exp_of :many MathsExpOf
SELECT exp(1.5) AS value FROM readings;

-- name: factorial_of :one MathsFactorialOf
SELECT factorial(5) AS value;

-- name: floor_of :many MathsFloorOf
SELECT floor(temp) AS value FROM readings;

-- name: gcd_of :many MathsGcdOf
SELECT gcd(n, 6) AS value FROM readings;

-- name: ln_of :one MathsLnOf
SELECT ln(2.5) AS value;

-- name: log_of :one MathsLogOf
SELECT log(100.0) AS value;

-- name: min_scale_of :many MathsMinScaleOf
SELECT min_scale(rain) AS value FROM readings;

-- name: mod_of :many MathsModOf
SELECT mod(n, 3) AS value FROM readings;

-- name: mod_numeric :many MathsModNumeric
SELECT mod(rain, 3) AS value FROM readings;

-- name: pi_of :one MathsPiOf
SELECT pi() AS value;

-- name: power_of :one MathsPowerOf
SELECT power(2, 3) AS value;

-- name: power_numeric :one MathsPowerNumeric
SELECT power(2.5, 2) AS value;

-- name: random_of :one MathsRandomOf
SELECT random() AS value;

-- name: round_numeric :many MathsRoundNumeric
SELECT round(rain, 1) AS value FROM readings;

-- name: round_float :many MathsRoundFloat
SELECT round(temp) AS value FROM readings;

-- name: round_int :many MathsRoundInt
SELECT round(n) AS value FROM readings;

-- name: sign_of :many MathsSignOf
SELECT sign(rain) AS value FROM readings;

-- name: sqrt_int :one MathsSqrtInt
SELECT sqrt(2) AS value;

-- name: sqrt_numeric :one MathsSqrtNumeric
SELECT sqrt(2.0) AS value;

-- name: trunc_of :many MathsTruncOf
SELECT trunc(rain, 1) AS value FROM readings;

-- name: width_bucket_of :many MathsWidthBucketOf
SELECT width_bucket(temp, 0, 10, 5) AS value FROM readings;

-- name: sin_of :one MathsSinOf
SELECT sin(1) AS value;

-- name: scale_of :many MathsScaleOf
SELECT scale(extra) AS value FROM readings;
