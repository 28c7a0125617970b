-- Operators, casts, literals and CASE.

-- name: int_plus :many OpIntPlus
SELECT n + 1 AS value FROM readings;

-- name: int_plus_null :many OpIntPlusNull
SELECT n + m AS value FROM readings;

-- name: int_divide :many OpIntDivide
SELECT n / 2 AS value FROM readings;

-- name: small_plus :many OpSmallPlus
SELECT small + small AS value FROM readings;

-- name: big_times :many OpBigTimes
SELECT big * 2 AS value FROM readings;

-- name: int_numeric :many OpIntNumeric
SELECT n * rain AS value FROM readings;

-- name: int_float :many OpIntFloat
SELECT n * temp AS value FROM readings;

-- name: float_divide :many OpFloatDivide
SELECT temp / 2 AS value FROM readings;

-- name: numeric_divide :many OpNumericDivide
SELECT rain / 3 AS value FROM readings;

-- name: numeric_modulo :many OpNumericModulo
SELECT rain % 2 AS value FROM readings;

-- name: power_operator :many OpPowerOperator
SELECT n ^ 2 AS value FROM readings;

-- name: root_operator :many OpRootOperator
SELECT |/ temp AS value FROM readings;

-- name: abs_operator :many OpAbsOperator
SELECT @ n AS value FROM readings;

-- name: negative :many OpNegative
SELECT -rain AS value FROM readings;

-- name: bit_and :many OpBitAnd
SELECT n & 3 AS value FROM readings;

-- name: bit_xor :many OpBitXor
SELECT n # 5 AS value FROM readings;

-- name: shift_left :many OpShiftLeft
SELECT n << 1 AS value FROM readings;

-- name: concat :many OpConcat
SELECT station || code AS value FROM readings;

-- name: concat_number :many OpConcatNumber
SELECT station || n AS value FROM readings;

-- name: concat_null :many OpConcatNull
SELECT station || remark AS value FROM readings;

-- name: compare :many OpCompare
SELECT n > 3 AS value FROM readings;

-- name: compare_null :many OpCompareNull
SELECT m = 3 AS value FROM readings;

-- name: distinct_from :many OpDistinctFrom
SELECT m IS DISTINCT FROM n AS value FROM readings;

-- name: is_null :many OpIsNull
SELECT remark IS NULL AS value FROM readings;

-- name: is_true :many OpIsTrue
SELECT checked IS TRUE AS value FROM readings;

-- name: between :many OpBetween
SELECT n BETWEEN 1 AND 5 AS value FROM readings;

-- name: between_symmetric :many OpBetweenSymmetric
SELECT n BETWEEN SYMMETRIC 5 AND 1 AS value FROM readings;

-- name: in_list :many OpInList
SELECT n IN (1, 2) AS value FROM readings;

-- name: not_in_null :many OpNotInNull
SELECT n NOT IN (1, m) AS value FROM readings;

-- name: like :many OpLike
SELECT station LIKE 'a%' AS value FROM readings;

-- name: ilike :many OpIlike
SELECT remark ILIKE '%x%' AS value FROM readings;

-- name: similar :many OpSimilar
SELECT code SIMILAR TO 'a|b' AS value FROM readings;

-- name: regex :many OpRegex
SELECT station ~ '^a' AS value FROM readings;

-- name: regex_not :many OpRegexNot
SELECT remark !~* 'x' AS value FROM readings;

-- name: and_flags :many OpAndFlags
SELECT ok AND checked AS value FROM readings;

-- name: not_flag :many OpNotFlag
SELECT NOT checked AS value FROM readings;

-- name: row_compare :many OpRowCompare
SELECT (n, m) = (1, 2) AS value FROM readings;

-- name: row_compare_value :many OpRowCompareValue
SELECT ROW(n, m) = ROW(1, 2) AS value FROM readings;

-- name: row_is_null :many OpRowIsNull
SELECT ROW(m, remark) IS NULL AS value FROM readings;

-- name: any_array :many OpAnyArray
SELECT 'a' = ANY (tags) AS value FROM readings;

-- name: all_array :many OpAllArray
SELECT 3 > ALL (levels) AS value FROM readings;

-- name: array_contains :many OpArrayContains
SELECT tags @> ARRAY['a'] AS value FROM readings;

-- name: array_overlap :many OpArrayOverlap
SELECT levels && ARRAY[1, 2] AS value FROM readings;

-- name: array_concat :many OpArrayConcat
SELECT tags || 'x'::text AS value FROM readings;

-- name: json_arrow :many OpJsonArrow
SELECT doc -> 'a' AS value FROM readings;

-- name: json_arrow_text :many OpJsonArrowText
SELECT doc ->> 'a' AS value FROM readings;

-- name: json_arrow_index :many OpJsonArrowIndex
SELECT doc -> 0 AS value FROM readings;

-- name: json_path :many OpJsonPath
SELECT doc #> '{b,0}' AS value FROM readings;

-- name: json_path_text :many OpJsonPathText
SELECT doc #>> '{b,0}' AS value FROM readings;

-- name: json_contains :many OpJsonContains
SELECT doc @> '{"a": 1}' AS value FROM readings;

-- name: json_has :many OpJsonHas
SELECT doc ? 'a' AS value FROM readings;

-- name: json_minus :many OpJsonMinus
SELECT doc - 'a' AS value FROM readings;

-- name: json_concat :many OpJsonConcat
SELECT doc || '{"z": 1}' AS value FROM readings;

-- name: json_exists_path :many OpJsonExistsPath
SELECT doc @? '$.a' AS value FROM readings;

-- name: date_plus :many OpDatePlus
SELECT day + 1 AS value FROM readings;

-- name: date_minus_date :many OpDateMinusDate
SELECT day - DATE '2000-01-01' AS value FROM readings;

-- name: date_minus_null :many OpDateMinusNull
SELECT until - day AS value FROM readings;

-- name: date_plus_interval :many OpDatePlusInterval
SELECT day + INTERVAL '1 month' AS value FROM readings;

-- name: date_plus_time :many OpDatePlusTime
SELECT day + at_time AS value FROM readings;

-- name: stamp_minus :many OpStampMinus
SELECT local_at - TIMESTAMP '2000-01-01 00:00' AS value FROM readings;

-- name: stamp_minus_interval :many OpStampMinusInterval
SELECT local_at - lasted AS value FROM readings;

-- name: instant_minus :many OpInstantMinus
SELECT later - at AS value FROM readings;

-- name: interval_times :many OpIntervalTimes
SELECT lasted * 2 AS value FROM readings;

-- name: interval_divide :many OpIntervalDivide
SELECT lasted / 3 AS value FROM readings;

-- name: time_minus :many OpTimeMinus
SELECT at_time - TIME '01:00' AS value FROM readings;

-- name: time_plus :many OpTimePlus
SELECT at_time + INTERVAL '1 hour' AS value FROM readings;

-- name: overlaps_of :many OpOverlapsOf
SELECT (day, until) OVERLAPS (DATE '2024-01-01', DATE '2024-12-31') AS value FROM readings;

-- name: at_time_zone :many OpAtTimeZone
SELECT at AT TIME ZONE 'UTC' AS value FROM readings;

-- name: at_time_zone_local :many OpAtTimeZoneLocal
SELECT local_at AT TIME ZONE 'Europe/Berlin' AS value FROM readings;

-- name: inet_inside :many OpInetInside
SELECT host << INET '10.0.0.0/8' AS value FROM readings;

-- name: inet_plus :many OpInetPlus
SELECT host + 1 AS value FROM readings;

-- name: range_contains :many OpRangeContains
SELECT span @> 2 AS value FROM readings;

-- name: range_overlap :many OpRangeOverlap
SELECT span && int4range(1, 3) AS value FROM readings;

-- name: range_intersect :many OpRangeIntersect
SELECT span * int4range(1, 3) AS value FROM readings;

-- name: cast_text :many OpCastText
SELECT n::text AS value FROM readings;

-- name: cast_int :many OpCastInt
SELECT CAST(rain AS integer) AS value FROM readings;

-- name: cast_numeric :many OpCastNumeric
SELECT temp::numeric(10, 2) AS value FROM readings;

-- name: cast_float :many OpCastFloat
SELECT rain::float8 AS value FROM readings;

-- name: cast_date :many OpCastDate
SELECT at::date AS value FROM readings;

-- name: cast_time :many OpCastTime
SELECT local_at::time AS value FROM readings;

-- name: cast_time_instant :many OpCastTimeInstant
SELECT at::time AS value FROM readings;

-- name: cast_instant :many OpCastInstant
SELECT local_at::timestamptz AS value FROM readings;

-- name: cast_bool :many OpCastBool
SELECT n::boolean AS value FROM readings;

-- name: cast_enum :many OpCastEnum
SELECT 'rain'::sky AS value FROM readings;

-- name: cast_enum_text :many OpCastEnumText
SELECT state::text AS value FROM readings;

-- name: cast_json :many OpCastJson
SELECT raw::jsonb AS value FROM readings;

-- name: cast_array :many OpCastArray
SELECT '{1,2}'::integer[] AS value FROM readings;

-- name: cast_char :many OpCastChar
SELECT station::char(3) AS value FROM readings;

-- name: cast_interval :many OpCastInterval
SELECT n * INTERVAL '1 day' AS value FROM readings;

-- name: cast_uuid :many OpCastUuid
SELECT uid::text AS value FROM readings;

-- name: cast_bytea :many OpCastBytea
SELECT station::bytea AS value FROM readings;

-- name: literal_int :many OpLiteralInt
SELECT 7 AS value FROM readings;

-- name: literal_big :many OpLiteralBig
SELECT 5000000000 AS value FROM readings;

-- name: literal_numeric :many OpLiteralNumeric
SELECT 1.5 AS value FROM readings;

-- name: literal_float :many OpLiteralFloat
SELECT 1e3 AS value FROM readings;

-- name: literal_text :many OpLiteralText
SELECT 'x' AS value FROM readings;

-- name: literal_typed :many OpLiteralTyped
SELECT DATE '2024-02-29' AS value FROM readings;

-- name: literal_null :many OpLiteralNull
SELECT NULL AS value FROM readings;

-- name: literal_null_typed :many OpLiteralNullTyped
SELECT NULL::date AS value FROM readings;

-- name: case_text :many OpCaseText
SELECT CASE WHEN n > 1 THEN 'many' ELSE 'few' END AS value FROM readings;

-- name: case_no_else :many OpCaseNoElse
SELECT CASE WHEN n > 1 THEN n END AS value FROM readings;

-- name: case_mixed :many OpCaseMixed
SELECT CASE WHEN ok THEN n ELSE rain END AS value FROM readings;

-- name: coalesce_int :many OpCoalesceInt
SELECT COALESCE(m, 0) AS value FROM readings;

-- name: coalesce_mixed :many OpCoalesceMixed
SELECT COALESCE(m, rain) AS value FROM readings;

-- name: coalesce_null :many OpCoalesceNull
SELECT COALESCE(remark, NULL) AS value FROM readings;

-- name: nullif_of :many OpNullifOf
SELECT NULLIF(n, 0) AS value FROM readings;

-- name: greatest_of :many OpGreatestOf
SELECT GREATEST(n, m) AS value FROM readings;

-- name: least_of :many OpLeastOf
SELECT LEAST(rain, 5) AS value FROM readings;

-- name: collate_of :many OpCollateOf
SELECT station COLLATE "C" AS value FROM readings;

-- name: enum_compare :many OpEnumCompare
SELECT state > 'clear' AS value FROM readings;
