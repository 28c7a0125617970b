-- Operators, casts, literals and CASE.

-- name: int_plus :many OpIntPlus
SELECT n + 1 AS value FROM items;

-- name: int_plus_null :many OpIntPlusNull
SELECT n + m AS value FROM items;

-- name: int_minus_unsigned :many OpIntMinusUnsigned
SELECT n - u AS value FROM items;

-- name: int_divide :many OpIntDivide
SELECT n / 2 AS value FROM items;

-- name: int_div :many OpIntDiv
SELECT n DIV 2 AS value FROM items;

-- name: divide_zero :many OpDivideZero
SELECT n / 0 AS value FROM items;

-- name: modulo :many OpModulo
SELECT n % 3 AS value FROM items;

-- name: modulo_zero :many OpModuloZero
SELECT n MOD 0 AS value FROM items;

-- name: times_decimal :many OpTimesDecimal
SELECT n * price AS value FROM items;

-- name: decimal_divide :many OpDecimalDivide
SELECT price / 3 AS value FROM items;

-- name: float_times :many OpFloatTimes
SELECT ratio * 2 AS value FROM items;

-- name: negative :many OpNegative
SELECT -price AS value FROM items;

-- name: negative_flag :many OpNegativeFlag
SELECT -active AS value FROM items;

-- name: text_plus :many OpTextPlus
SELECT name + 1 AS value FROM items;

-- name: flag_plus :many OpFlagPlus
SELECT active + 1 AS value FROM items;

-- name: bit_and :many OpBitAnd
SELECT n & 3 AS value FROM items;

-- name: bit_not :many OpBitNot
SELECT ~n AS value FROM items;

-- name: shift :many OpShift
SELECT n << 1 AS value FROM items;

-- name: concat_pipes :many OpConcatPipes
SELECT name || code AS value FROM items;

-- name: compare :many OpCompare
SELECT n > 3 AS value FROM items;

-- name: compare_null :many OpCompareNull
SELECT m = 3 AS value FROM items;

-- name: compare_safe :many OpCompareSafe
SELECT m <=> 3 AS value FROM items;

-- name: compare_text :many OpCompareText
SELECT name < code AS value FROM items;

-- name: is_null :many OpIsNull
SELECT note IS NULL AS value FROM items;

-- name: is_true :many OpIsTrue
SELECT pinned IS TRUE AS value FROM items;

-- name: is_unknown :many OpIsUnknown
SELECT pinned IS UNKNOWN AS value FROM items;

-- name: between :many OpBetween
SELECT n BETWEEN 1 AND 5 AS value FROM items;

-- name: in_list :many OpInList
SELECT n IN (1, 2) AS value FROM items;

-- name: like :many OpLike
SELECT name LIKE 'a%' AS value FROM items;

-- name: regexp :many OpRegexp
SELECT name REGEXP '^a' AS value FROM items;

-- name: and_flags :many OpAndFlags
SELECT active AND pinned AS value FROM items;

-- name: xor_flags :many OpXorFlags
SELECT active XOR pinned AS value FROM items;

-- name: not_flag :many OpNotFlag
SELECT NOT active AS value FROM items;

-- name: bang :many OpBang
SELECT NOT m AS value FROM items;

-- name: exists_of :many OpExistsOf
SELECT EXISTS (SELECT 1 FROM items AS i WHERE i.id = 1) AS value FROM items;

-- name: interval_plus :many OpIntervalPlus
SELECT day + INTERVAL 1 DAY AS value FROM items;

-- name: interval_minus :many OpIntervalMinus
SELECT stamp - INTERVAL 1 HOUR AS value FROM items;

-- name: interval_null :many OpIntervalNull
SELECT due + INTERVAL 1 MONTH AS value FROM items;

-- name: row_compare :many OpRowCompare
SELECT (n, m) = (1, 2) AS value FROM items;

-- name: cast_char :many OpCastChar
SELECT CAST(n AS char) AS value FROM items;

-- name: cast_signed :many OpCastSigned
SELECT CAST(name AS signed) AS value FROM items;

-- name: cast_unsigned :many OpCastUnsigned
SELECT CAST(n AS unsigned) AS value FROM items;

-- name: cast_decimal :many OpCastDecimal
SELECT CAST(ratio AS decimal(10, 2)) AS value FROM items;

-- name: cast_double :many OpCastDouble
SELECT CAST(price AS double) AS value FROM items;

-- name: cast_date :many OpCastDate
SELECT CAST(stamp AS date) AS value FROM items;

-- name: cast_date_text :many OpCastDateText
SELECT CAST(name AS date) AS value FROM items;

-- name: cast_date_int :many OpCastDateInt
SELECT CAST(n AS date) AS value FROM items;

-- name: cast_datetime :many OpCastDatetime
SELECT CAST(day AS datetime) AS value FROM items;

-- name: cast_time :many OpCastTime
SELECT CAST(stamp AS time) AS value FROM items;

-- name: cast_binary :many OpCastBinary
SELECT CAST(name AS binary) AS value FROM items;

-- name: convert_of :many OpConvertOf
SELECT CONVERT(n, char) AS value FROM items;

-- name: convert_using :many OpConvertUsing
SELECT CONVERT(name USING latin1) AS value FROM items;

-- name: literal_int :many OpLiteralInt
SELECT 7 AS value FROM items;

-- name: literal_big :many OpLiteralBig
SELECT 9223372036854775808 AS value FROM items;

-- name: literal_decimal :many OpLiteralDecimal
SELECT 1.5 AS value FROM items;

-- name: literal_float :many OpLiteralFloat
SELECT 1e3 AS value FROM items;

-- name: literal_text :many OpLiteralText
SELECT 'x' AS value FROM items;

-- name: literal_hex :many OpLiteralHex
SELECT x'41' AS value FROM items;

-- name: literal_bit :many OpLiteralBit
SELECT b'101' AS value FROM items;

-- name: literal_null :many OpLiteralNull
SELECT NULL AS value FROM items;

-- name: literal_true :many OpLiteralTrue
SELECT TRUE AS value FROM items;

-- name: literal_date :many OpLiteralDate
SELECT DATE '2024-02-29' AS value FROM items;

-- name: literal_time :many OpLiteralTime
SELECT TIME '12:30:00' AS value FROM items;

-- name: literal_stamp :many OpLiteralStamp
SELECT TIMESTAMP '2024-02-29 12:30:00' AS value FROM items;

-- name: case_text :many OpCaseText
SELECT CASE WHEN n > 1 THEN 'many' ELSE 'few' END AS value FROM items;

-- name: case_no_else :many OpCaseNoElse
SELECT CASE WHEN n > 1 THEN n END AS value FROM items;

-- name: case_mixed :many OpCaseMixed
SELECT CASE WHEN active THEN n ELSE price END AS value FROM items;

-- name: case_int_text :many OpCaseIntText
SELECT CASE WHEN active THEN n ELSE name END AS value FROM items;

-- name: case_day :many OpCaseDay
SELECT CASE WHEN active THEN day ELSE due END AS value FROM items;

-- name: case_flag :many OpCaseFlag
SELECT CASE WHEN active THEN TRUE ELSE FALSE END AS value FROM items;

-- name: if_of :many OpIfOf
SELECT IF(active, n, 0) AS value FROM items;

-- name: if_mixed :many OpIfMixed
SELECT IF(active, n, 'x') AS value FROM items;

-- name: ifnull_of :many OpIfnullOf
SELECT IFNULL(m, 0) AS value FROM items;

-- name: ifnull_text :many OpIfnullText
SELECT IFNULL(note, name) AS value FROM items;

-- name: coalesce_of :many OpCoalesceOf
SELECT COALESCE(m, n) AS value FROM items;

-- name: coalesce_mixed :many OpCoalesceMixed
SELECT COALESCE(m, price) AS value FROM items;

-- name: nullif_of :many OpNullifOf
SELECT NULLIF(n, 0) AS value FROM items;

-- name: nullif_day :many OpNullifDay
SELECT NULLIF(day, due) AS value FROM items;

-- name: greatest_of :many OpGreatestOf
SELECT GREATEST(n, 3) AS value FROM items;

-- name: greatest_null :many OpGreatestNull
SELECT GREATEST(n, m) AS value FROM items;

-- name: least_mixed :many OpLeastMixed
SELECT LEAST(n, price) AS value FROM items;

-- name: json_arrow_value :many OpJsonArrowValue
SELECT JSON_VALUE(doc, '$.a') AS value FROM items;

-- name: collate_of :many OpCollateOf
SELECT name COLLATE utf8mb4_bin AS value FROM items;

-- name: binary_of :many OpBinaryOf
SELECT BINARY name AS value FROM items;

-- name: enum_plus :many OpEnumPlus
SELECT choice + 0 AS value FROM items;

-- name: year_plus :many OpYearPlus
SELECT made_in + 1 AS value FROM items;

-- name: bit_plus :many OpBitPlus
SELECT flags + 0 AS value FROM items;
