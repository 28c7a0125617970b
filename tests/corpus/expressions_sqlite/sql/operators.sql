-- Operators, literals, CASE and casts.

-- name: plus :many Plus
SELECT score + 1 AS value FROM entries;

-- name: plus_null :many PlusNull
SELECT score + rank AS value FROM entries;

-- name: minus :many Minus
SELECT price - discount AS value FROM entries;

-- name: times :many Times
SELECT score * ratio AS value FROM entries;

-- name: times_price :many TimesPrice
SELECT price * score AS value FROM entries;

-- name: divide_int :many DivideInt
SELECT score / 2 AS value FROM entries;

-- name: divide_real :many DivideReal
SELECT ratio / 2 AS value FROM entries;

-- name: divide_price :many DividePrice
SELECT price / 3 AS value FROM entries;

-- name: divide_zero :many DivideZero
SELECT score / 0 AS value FROM entries;

-- name: modulo :many Modulo
SELECT score % 3 AS value FROM entries;

-- name: modulo_null :many ModuloNull
SELECT rank % 0 AS value FROM entries;

-- name: negative :many Negative
SELECT -score AS value FROM entries;

-- name: negative_price :many NegativePrice
SELECT -price AS value FROM entries;

-- name: negative_flag :many NegativeFlag
SELECT -active AS value FROM entries;

-- name: positive_text :many PositiveText
SELECT +title AS value FROM entries;

-- name: not_flag :many NotFlag
SELECT NOT active AS value FROM entries;

-- name: not_null_flag :many NotNullFlag
SELECT NOT pinned AS value FROM entries;

-- name: bit_and :many BitAnd
SELECT score & 3 AS value FROM entries;

-- name: bit_or :many BitOr
SELECT score | 1 AS value FROM entries;

-- name: bit_not :many BitNot
SELECT ~score AS value FROM entries;

-- name: shift :many Shift
SELECT score << 2 AS value FROM entries;

-- name: shift_right :many ShiftRight
SELECT score >> 1 AS value FROM entries;

-- name: flag_plus :many FlagPlus
SELECT active + 1 AS value FROM entries;

-- name: text_plus :many TextPlus
SELECT title + 1 AS value FROM entries;

-- name: day_plus :many DayPlus
SELECT on_day + 1 AS value FROM entries;

-- name: concat :many Concat
SELECT title || body AS value FROM entries;

-- name: concat_number :many ConcatNumber
SELECT title || score AS value FROM entries;

-- name: concat_null :many ConcatNull
SELECT title || NULL AS value FROM entries;

-- name: compare :many Compare
SELECT score > 3 AS value FROM entries;

-- name: compare_null :many CompareNull
SELECT rank = 3 AS value FROM entries;

-- name: compare_text :many CompareText
SELECT title < body AS value FROM entries;

-- name: is_null :many IsNull
SELECT body IS NULL AS value FROM entries;

-- name: is_not :many IsNot
SELECT rank IS NOT 3 AS value FROM entries;

-- name: is_true :many IsTrue
SELECT active IS TRUE AS value FROM entries;

-- name: between :many Between
SELECT score BETWEEN 1 AND 5 AS value FROM entries;

-- name: in_list :many InList
SELECT score IN (1, 2, 3) AS value FROM entries;

-- name: in_list_null :many InListNull
SELECT rank IN (1, 2) AS value FROM entries;

-- name: in_empty :many InEmpty
SELECT score IN () AS value FROM entries;

-- name: like :many Like
SELECT title LIKE 'a%' AS value FROM entries;

-- name: glob :many Glob
SELECT title GLOB 'a*' AS value FROM entries;

-- name: like_null :many LikeNull
SELECT body LIKE '%x%' AS value FROM entries;

-- name: and_flags :many AndFlags
SELECT active AND pinned AS value FROM entries;

-- name: or_flags :many OrFlags
SELECT active OR pinned AS value FROM entries;

-- name: exists_one :many ExistsOne
SELECT EXISTS (SELECT 1 FROM pairs AS p WHERE p.left_id = entries.id) AS value FROM entries;

-- name: row_compare :many RowCompare
SELECT (score, id) > (1, 2) AS value FROM entries;

-- name: literal_int :many LiteralInt
SELECT 7 AS value FROM entries;

-- name: literal_real :many LiteralReal
SELECT 1.5 AS value FROM entries;

-- name: literal_text :many LiteralText
SELECT 'x' AS value FROM entries;

-- name: literal_null :many LiteralNull
SELECT NULL AS value FROM entries;

-- name: literal_blob :many LiteralBlob
SELECT x'00ff' AS value FROM entries;

-- name: literal_true :many LiteralTrue
SELECT TRUE AS value FROM entries;

-- name: case_text :many CaseText
SELECT CASE WHEN score > 1 THEN 'many' ELSE 'few' END AS value FROM entries;

-- name: case_no_else :many CaseNoElse
SELECT CASE WHEN score > 1 THEN 'many' END AS value FROM entries;

-- name: case_mixed :many CaseMixed
SELECT CASE WHEN score > 1 THEN 1 ELSE 1.5 END AS value FROM entries;

-- name: case_value :many CaseValue
SELECT CASE score WHEN 1 THEN title WHEN 2 THEN body ELSE 'x' END AS value FROM entries;

-- name: case_flag :many CaseFlag
SELECT CASE WHEN active THEN pinned ELSE FALSE END AS value FROM entries;

-- name: iif_of :many IifOf
SELECT iif(active, score, 0) AS value FROM entries;

-- name: coalesce_text :many CoalesceText
SELECT COALESCE(body, title) AS value FROM entries;

-- name: coalesce_int :many CoalesceInt
SELECT COALESCE(rank, 0) AS value FROM entries;

-- name: coalesce_real :many CoalesceReal
SELECT COALESCE(rank, ratio) AS value FROM entries;

-- name: ifnull_of :many IfnullOf
SELECT ifnull(rank, score) AS value FROM entries;

-- name: nullif_of :many NullifOf
SELECT nullif(score, 1) AS value FROM entries;

-- name: nullif_text :many NullifText
SELECT nullif(title, '') AS value FROM entries;

-- name: cast_text :many CastText
SELECT CAST(score AS text) AS value FROM entries;

-- name: cast_int :many CastInt
SELECT CAST(title AS integer) AS value FROM entries;

-- name: cast_int_null :many CastIntNull
SELECT CAST(body AS integer) AS value FROM entries;

-- name: cast_real :many CastReal
SELECT CAST(score AS real) AS value FROM entries;

-- name: cast_numeric :many CastNumeric
SELECT CAST(ratio AS numeric) AS value FROM entries;

-- name: cast_numeric_text :many CastNumericText
SELECT CAST('12.50' AS numeric) AS value FROM entries;

-- name: cast_blob :many CastBlob
SELECT CAST(title AS blob) AS value FROM entries;

-- name: cast_date :many CastDate
SELECT CAST(on_day AS date) AS value FROM entries;

-- name: cast_decimal :many CastDecimal
SELECT CAST(price AS decimal(10, 2)) AS value FROM entries;

-- name: cast_boolean :many CastBoolean
SELECT CAST(active AS boolean) AS value FROM entries;

-- name: cast_varchar :many CastVarchar
SELECT CAST(score AS varchar(10)) AS value FROM entries;

-- name: collate_of :many CollateOf
SELECT title COLLATE NOCASE AS value FROM entries;
