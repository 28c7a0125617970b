-- SQLite's scalar functions.

-- name: abs_int :many AbsInt
SELECT abs(score) AS value FROM entries;

-- name: abs_null :many AbsNull
SELECT abs(rank) AS value FROM entries;

-- name: abs_real :many AbsReal
SELECT abs(ratio) AS value FROM entries;

-- name: abs_price :many AbsPrice
SELECT abs(price) AS value FROM entries;

-- name: abs_text :many AbsText
SELECT abs(title) AS value FROM entries;

-- name: changes_of :one ChangesOf
SELECT changes() AS value;

-- name: char_of :many CharOf
SELECT char(65, 66) AS value FROM entries;

-- name: coalesce_three :many CoalesceThree
SELECT COALESCE(rank, small, 3) AS value FROM entries;

-- name: glob_function :many GlobFunction
SELECT glob('a*', title) AS value FROM entries;

-- name: hex_of :many HexOf
SELECT hex(raw) AS value FROM entries;

-- name: hex_null :many HexNull
SELECT hex(photo) AS value FROM entries;

-- name: instr_of :many InstrOf
SELECT instr(title, 'a') AS value FROM entries;

-- name: instr_null :many InstrNull
SELECT instr(body, 'a') AS value FROM entries;

-- name: last_rowid :one LastRowid
SELECT last_insert_rowid() AS value;

-- name: length_text :many LengthText
SELECT length(title) AS value FROM entries;

-- name: length_null :many LengthNull
SELECT length(body) AS value FROM entries;

-- name: length_blob :many LengthBlob
SELECT length(raw) AS value FROM entries;

-- name: length_int :many LengthInt
SELECT length(score) AS value FROM entries;

-- name: like_function :many LikeFunction
SELECT like('a%', title) AS value FROM entries;

-- name: lower_of :many LowerOf
SELECT lower(title) AS value FROM entries;

-- name: ltrim_of :many LtrimOf
SELECT ltrim(title) AS value FROM entries;

-- name: ltrim_chars :many LtrimChars
SELECT ltrim(title, 'x') AS value FROM entries;

-- name: max_two :many MaxTwo
SELECT max(score, 3) AS value FROM entries;

-- name: max_null :many MaxNull
SELECT max(score, rank) AS value FROM entries;

-- name: max_mixed :many MaxMixed
SELECT max(score, ratio) AS value FROM entries;

-- name: min_two :many MinTwo
SELECT min(title, 'm') AS value FROM entries;

-- name: printf_of :many PrintfOf
SELECT printf('%d-%s', score, title) AS value FROM entries;

-- name: format_of :many FormatOf
SELECT format('%05.2f', ratio) AS value FROM entries;

-- name: quote_text :many QuoteText
SELECT quote(title) AS value FROM entries;

-- name: quote_null :many QuoteNull
SELECT quote(body) AS value FROM entries;

-- name: random_of :one RandomOf
SELECT random() AS value;

-- name: randomblob_of :one RandomblobOf
SELECT randomblob(4) AS value;

-- name: replace_of :many ReplaceOf
SELECT replace(title, 'a', 'b') AS value FROM entries;

-- name: replace_null :many ReplaceNull
SELECT replace(body, 'a', 'b') AS value FROM entries;

-- name: round_one :many RoundOne
SELECT round(ratio) AS value FROM entries;

-- name: round_two :many RoundTwo
SELECT round(ratio, 2) AS value FROM entries;

-- name: round_int :many RoundInt
SELECT round(score) AS value FROM entries;

-- name: round_price :many RoundPrice
SELECT round(price, 1) AS value FROM entries;

-- name: rtrim_of :many RtrimOf
SELECT rtrim(title) AS value FROM entries;

-- name: sign_int :many SignInt
SELECT sign(score) AS value FROM entries;

-- name: sign_text :many SignText
SELECT sign(title) AS value FROM entries;

-- name: substr_of :many SubstrOf
SELECT substr(title, 1, 3) AS value FROM entries;

-- name: substr_null :many SubstrNull
SELECT substr(body, 2) AS value FROM entries;

-- name: substr_blob :many SubstrBlob
SELECT substr(raw, 1, 1) AS value FROM entries;

-- name: substring_of :many SubstringOf
SELECT substring(title, -2) AS value FROM entries;

-- name: total_changes_of :one TotalChangesOf
SELECT total_changes() AS value;

-- name: trim_of :many TrimOf
SELECT trim(title) AS value FROM entries;

-- name: typeof_of :many TypeofOf
SELECT typeof(body) AS value FROM entries;

-- name: unicode_of :many UnicodeOf
SELECT unicode(title) AS value FROM entries;

-- name: unicode_null :many UnicodeNull
SELECT unicode(body) AS value FROM entries;

-- name: upper_null :many UpperNull
SELECT upper(body) AS value FROM entries;

-- name: zeroblob_of :one ZeroblobOf
SELECT zeroblob(3) AS value;

-- name: unlikely_of :many UnlikelyOf
SELECT unlikely(active) AS value FROM entries;

-- name: likelihood_of :many LikelihoodOf
SELECT likelihood(score, 0.5) AS value FROM entries;

-- name: version_of :one VersionOf
SELECT sqlite_version() AS value;

-- name: date_now :one DateNow
SELECT date('now') AS value;

-- name: date_of :many DateOf
SELECT date(on_day) AS value FROM entries;

-- name: date_null :many DateNull
SELECT date(due) AS value FROM entries;

-- name: date_plus :many DatePlus
SELECT date(on_day, '+1 month') AS value FROM entries;

-- name: date_unix :many DateUnix
SELECT date(score, 'unixepoch') AS value FROM entries;

-- name: time_of :many TimeOf
SELECT time(written_at) AS value FROM entries;

-- name: time_now :one TimeNow
SELECT time('now') AS value;

-- name: datetime_of :many DatetimeOf
SELECT datetime(written_at) AS value FROM entries;

-- name: datetime_plus :many DatetimePlus
SELECT datetime(written_at, '-1 day') AS value FROM entries;

-- name: datetime_now :one DatetimeNow
SELECT datetime('now', 'localtime') AS value;

-- name: julianday_of :many JuliandayOf
SELECT julianday(on_day) AS value FROM entries;

-- name: julianday_difference :many JuliandayDifference
SELECT julianday(due) - julianday(on_day) AS value FROM entries;

-- name: unixepoch_of :many UnixepochOf
SELECT unixepoch(written_at) AS value FROM entries;

-- name: strftime_year :many StrftimeYear
SELECT strftime('%Y', on_day) AS value FROM entries;

-- name: strftime_int :many StrftimeInt
SELECT CAST(strftime('%m', written_at) AS integer) AS value FROM entries;

-- name: strftime_seconds :many StrftimeSeconds
SELECT strftime('%s', written_at) AS value FROM entries;

-- name: current_date_of :one CurrentDateOf
SELECT CURRENT_DATE AS value;

-- name: current_time_of :one CurrentTimeOf
SELECT CURRENT_TIME AS value;

-- name: current_timestamp_of :one CurrentTimestampOf
SELECT CURRENT_TIMESTAMP AS value;

-- name: day_compare :many DayCompare
SELECT on_day < date('now') AS value FROM entries;

-- name: acos_of :many AcosOf
SELECT acos(ratio) AS value FROM entries;

-- name: ceil_of :many CeilOf
SELECT ceil(ratio) AS value FROM entries;

-- name: ceil_int :many CeilInt
SELECT ceil(score) AS value FROM entries;

-- name: floor_of :many FloorOf
SELECT floor(ratio) AS value FROM entries;

-- name: exp_of :many ExpOf
SELECT exp(ratio) AS value FROM entries;

-- name: ln_of :many LnOf
SELECT ln(ratio) AS value FROM entries;

-- name: log_base :many LogBase
SELECT log(2, ratio) AS value FROM entries;

-- name: log2_of :many Log2Of
SELECT log2(score) AS value FROM entries;

-- name: mod_function :many ModFunction
SELECT mod(score, 3) AS value FROM entries;

-- name: pi_of :one PiOf
SELECT pi() AS value;

-- name: pow_of :many PowOf
SELECT pow(score, 2) AS value FROM entries;

-- name: power_of :many PowerOf
SELECT power(ratio, 2) AS value FROM entries;

-- name: radians_of :many RadiansOf
SELECT radians(ratio) AS value FROM entries;

-- name: sin_of :many SinOf
SELECT sin(ratio) AS value FROM entries;

-- name: sqrt_of :many SqrtOf
SELECT sqrt(score) AS value FROM entries;

-- name: sqrt_null :many SqrtNull
SELECT sqrt(weight) AS value FROM entries;

-- name: trunc_of :many TruncOf
SELECT trunc(ratio) AS value FROM entries;

-- name: json_of :many JsonOf
SELECT json(doc) AS value FROM entries;

-- name: json_array_of :many JsonArrayOf
SELECT json_array(score, title, NULL) AS value FROM entries;

-- name: json_array_length_of :many JsonArrayLengthOf
SELECT json_array_length(doc) AS value FROM entries;

-- name: json_array_length_path :many JsonArrayLengthPath
SELECT json_array_length(doc, '$.b') AS value FROM entries;

-- name: json_extract_one :many JsonExtractOne
SELECT json_extract(doc, '$.a') AS value FROM entries;

-- name: json_extract_two :many JsonExtractTwo
SELECT json_extract(doc, '$.a', '$.b') AS value FROM entries;

-- name: json_arrow :many JsonArrow
SELECT doc -> '$.a' AS value FROM entries;

-- name: json_arrow_text :many JsonArrowText
SELECT doc ->> '$.a' AS value FROM entries;

-- name: json_arrow_key :many JsonArrowKey
SELECT doc ->> 'a' AS value FROM entries;

-- name: json_arrow_null :many JsonArrowNull
SELECT extra ->> '$.a' AS value FROM entries;

-- name: json_insert_of :many JsonInsertOf
SELECT json_insert(doc, '$.z', 1) AS value FROM entries;

-- name: json_object_of :many JsonObjectOf
SELECT json_object('id', id, 'title', title) AS value FROM entries;

-- name: json_patch_of :many JsonPatchOf
SELECT json_patch(doc, '{"p": 1}') AS value FROM entries;

-- name: json_remove_of :many JsonRemoveOf
SELECT json_remove(doc, '$.a') AS value FROM entries;

-- name: json_replace_of :many JsonReplaceOf
SELECT json_replace(doc, '$.a', 2) AS value FROM entries;

-- name: json_set_of :many JsonSetOf
SELECT json_set(doc, '$.a', 3) AS value FROM entries;

-- name: json_type_of :many JsonTypeOf
SELECT json_type(doc) AS value FROM entries;

-- name: json_type_path :many JsonTypePath
SELECT json_type(doc, '$.a') AS value FROM entries;

-- name: json_valid_of :many JsonValidOf
SELECT json_valid(body) AS value FROM entries;

-- name: json_quote_of :many JsonQuoteOf
SELECT json_quote(title) AS value FROM entries;
