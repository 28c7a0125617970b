-- MariaDB's functions.

-- name: abs_int :many FnAbsInt
SELECT abs(n) AS value FROM items;

-- name: abs_decimal :many FnAbsDecimal
SELECT abs(price) AS value FROM items;

-- name: acos_of :many FnAcosOf
SELECT acos(ratio) AS value FROM items;

-- name: adddate_of :many FnAdddateOf
SELECT adddate(day, 1) AS value FROM items;

-- name: addtime_of :many FnAddtimeOf
SELECT addtime(stamp, '01:00:00') AS value FROM items;

-- name: ascii_of :many FnAsciiOf
SELECT ascii(name) AS value FROM items;

-- name: bin_of :many FnBinOf
SELECT bin(n) AS value FROM items;

-- name: bit_count_of :many FnBitCountOf
SELECT bit_count(n) AS value FROM items;

-- name: ceil_decimal :many FnCeilDecimal
SELECT ceil(price) AS value FROM items;

-- name: ceil_double :many FnCeilDouble
SELECT ceil(ratio) AS value FROM items;

-- name: char_of :many FnCharOf
SELECT char(65 USING utf8mb4) AS value FROM items;

-- name: char_length_of :many FnCharLengthOf
SELECT char_length(name) AS value FROM items;

-- name: coercibility_of :many FnCoercibilityOf
SELECT coercibility(name) AS value FROM items;

-- name: concat_of :many FnConcatOf
SELECT concat(name, n) AS value FROM items;

-- name: concat_null :many FnConcatNull
SELECT concat(name, note) AS value FROM items;

-- name: concat_ws_of :many FnConcatWsOf
SELECT concat_ws('-', name, note) AS value FROM items;

-- name: connection_id_of :one FnConnectionIdOf
SELECT connection_id() AS value;

-- name: conv_of :many FnConvOf
SELECT conv(n, 10, 2) AS value FROM items;

-- name: crc32_of :many FnCrc32Of
SELECT crc32(name) AS value FROM items;

-- name: curdate_of :one FnCurdateOf
SELECT curdate() AS value;

-- name: curtime_of :one FnCurtimeOf
SELECT curtime() AS value;

-- name: current_timestamp_of :one FnCurrentTimestampOf
SELECT CURRENT_TIMESTAMP(3) AS value;

-- name: database_of :one FnDatabaseOf
SELECT database() AS value;

-- name: date_of :many FnDateOf
SELECT date(stamp) AS value FROM items;

-- name: date_add_of :many FnDateAddOf
SELECT date_add(stamp, INTERVAL 1 DAY) AS value FROM items;

-- name: date_add_text :many FnDateAddText
SELECT date_add(name, INTERVAL 1 DAY) AS value FROM items;

-- name: date_format_of :many FnDateFormatOf
SELECT date_format(day, '%Y-%m') AS value FROM items;

-- name: date_sub_of :many FnDateSubOf
SELECT date_sub(due, INTERVAL 1 MONTH) AS value FROM items;

-- name: datediff_of :many FnDatediffOf
SELECT datediff(day, due) AS value FROM items;

-- name: day_of :many FnDayOf
SELECT day(day) AS value FROM items;

-- name: dayname_of :many FnDaynameOf
SELECT dayname(day) AS value FROM items;

-- name: dayofweek_of :many FnDayofweekOf
SELECT dayofweek(due) AS value FROM items;

-- name: degrees_of :many FnDegreesOf
SELECT degrees(ratio) AS value FROM items;

-- name: elt_of :many FnEltOf
SELECT elt(n, 'a', 'b') AS value FROM items;

-- name: exp_of :many FnExpOf
SELECT exp(1) AS value FROM items;

-- name: export_set_of :many FnExportSetOf
SELECT export_set(n, 'Y', 'N') AS value FROM items;

-- name: extract_of :many FnExtractOf
SELECT EXTRACT(YEAR FROM stamp) AS value FROM items;

-- name: field_of :many FnFieldOf
SELECT field(name, 'a', 'b') AS value FROM items;

-- name: find_in_set_of :many FnFindInSetOf
SELECT find_in_set(name, 'a,b') AS value FROM items;

-- name: floor_of :many FnFloorOf
SELECT floor(price) AS value FROM items;

-- name: format_of :many FnFormatOf
SELECT format(price, 2) AS value FROM items;

-- name: from_base64_of :many FnFromBase64Of
SELECT from_base64(name) AS value FROM items;

-- name: from_days_of :many FnFromDaysOf
SELECT from_days(730000) AS value FROM items;

-- name: from_unixtime_of :one FnFromUnixtimeOf
SELECT from_unixtime(1700000000) AS value;

-- name: greatest_text :many FnGreatestText
SELECT greatest(name, code) AS value FROM items;

-- name: group_of :many FnGroupOf
SELECT inet_aton('10.0.0.1') AS value FROM items;

-- name: hex_of :many FnHexOf
SELECT hex(name) AS value FROM items;

-- name: hour_of :many FnHourOf
SELECT hour(at_time) AS value FROM items;

-- name: insert_of :many FnInsertOf
SELECT insert(name, 1, 1, 'x') AS value FROM items;

-- name: instr_of :many FnInstrOf
SELECT instr(name, 'a') AS value FROM items;

-- name: isnull_of :many FnIsnullOf
SELECT isnull(note) AS value FROM items;

-- name: json_array_of :many FnJsonArrayOf
SELECT json_array(n, name) AS value FROM items;

-- name: json_contains_of :many FnJsonContainsOf
SELECT json_contains(doc, '1') AS value FROM items;

-- name: json_depth_of :many FnJsonDepthOf
SELECT json_depth(doc) AS value FROM items;

-- name: json_exists_of :many FnJsonExistsOf
SELECT json_exists(doc, '$.a') AS value FROM items;

-- name: json_extract_of :many FnJsonExtractOf
SELECT json_extract(doc, '$.a') AS value FROM items;

-- name: json_keys_of :many FnJsonKeysOf
SELECT json_keys(doc) AS value FROM items;

-- name: json_length_of :many FnJsonLengthOf
SELECT json_length(doc) AS value FROM items;

-- name: json_merge_of :many FnJsonMergeOf
SELECT json_merge_patch(doc, '{"z": 1}') AS value FROM items;

-- name: json_object_of :many FnJsonObjectOf
SELECT json_object('n', n, 'name', name) AS value FROM items;

-- name: json_quote_of :many FnJsonQuoteOf
SELECT json_quote(name) AS value FROM items;

-- name: json_query_of :many FnJsonQueryOf
SELECT json_query(doc, '$.b') AS value FROM items;

-- name: json_remove_of :many FnJsonRemoveOf
SELECT json_remove(doc, '$.a') AS value FROM items;

-- name: json_search_of :many FnJsonSearchOf
SELECT json_search(doc, 'one', 'x') AS value FROM items;

-- name: json_set_of :many FnJsonSetOf
SELECT json_set(doc, '$.a', 2) AS value FROM items;

-- name: json_type_of :many FnJsonTypeOf
SELECT json_type(doc) AS value FROM items;

-- name: json_unquote_of :many FnJsonUnquoteOf
SELECT json_unquote(json_extract(doc, '$.a')) AS value FROM items;

-- name: json_valid_of :many FnJsonValidOf
SELECT json_valid(name) AS value FROM items;

-- name: last_day_of :many FnLastDayOf
SELECT last_day(day) AS value FROM items;

-- name: last_insert_id_of :one FnLastInsertIdOf
SELECT last_insert_id() AS value;

-- name: lcase_of :many FnLcaseOf
SELECT lcase(name) AS value FROM items;

-- name: left_of :many FnLeftOf
SELECT left(name, 2) AS value FROM items;

-- name: length_of :many FnLengthOf
SELECT length(name) AS value FROM items;

-- name: length_null :many FnLengthNull
SELECT length(note) AS value FROM items;

-- name: ln_of :many FnLnOf
SELECT ln(ratio) AS value FROM items;

-- name: locate_of :many FnLocateOf
SELECT locate('a', name) AS value FROM items;

-- name: log_of :many FnLogOf
SELECT log(2, n) AS value FROM items;

-- name: lpad_of :many FnLpadOf
SELECT lpad(name, 5, '*') AS value FROM items;

-- name: makedate_of :one FnMakedateOf
SELECT makedate(2024, 60) AS value;

-- name: maketime_of :one FnMaketimeOf
SELECT maketime(12, 30, 0) AS value;

-- name: md5_of :many FnMd5Of
SELECT md5(name) AS value FROM items;

-- name: microsecond_of :many FnMicrosecondOf
SELECT microsecond(stamp) AS value FROM items;

-- name: mid_of :many FnMidOf
SELECT mid(name, 2) AS value FROM items;

-- name: mod_of :many FnModOf
SELECT mod(n, 3) AS value FROM items;

-- name: month_of :many FnMonthOf
SELECT month(day) AS value FROM items;

-- name: now_of :one FnNowOf
SELECT now(6) AS value;

-- name: oct_of :many FnOctOf
SELECT oct(n) AS value FROM items;

-- name: ord_of :many FnOrdOf
SELECT ord(name) AS value FROM items;

-- name: period_add_of :one FnPeriodAddOf
SELECT period_add(202401, 2) AS value;

-- name: pi_of :one FnPiOf
SELECT pi() AS value;

-- name: pow_of :many FnPowOf
SELECT pow(n, 2) AS value FROM items;

-- name: quarter_of :many FnQuarterOf
SELECT quarter(due) AS value FROM items;

-- name: quote_of :many FnQuoteOf
SELECT quote(name) AS value FROM items;

-- name: rand_of :one FnRandOf
SELECT rand() AS value;

-- name: regexp_replace_of :many FnRegexpReplaceOf
SELECT regexp_replace(name, 'a', 'b') AS value FROM items;

-- name: regexp_substr_of :many FnRegexpSubstrOf
SELECT regexp_substr(name, 'z+') AS value FROM items;

-- name: repeat_of :many FnRepeatOf
SELECT repeat(name, 2) AS value FROM items;

-- name: replace_of :many FnReplaceOf
SELECT replace(name, 'a', 'b') AS value FROM items;

-- name: reverse_of :many FnReverseOf
SELECT reverse(name) AS value FROM items;

-- name: round_decimal :many FnRoundDecimal
SELECT round(price, 1) AS value FROM items;

-- name: round_int :many FnRoundInt
SELECT round(n) AS value FROM items;

-- name: round_double :many FnRoundDouble
SELECT round(ratio, 1) AS value FROM items;

-- name: row_count_of :one FnRowCountOf
SELECT row_count() AS value;

-- name: sec_to_time_of :many FnSecToTimeOf
SELECT sec_to_time(n) AS value FROM items;

-- name: sha2_of :many FnSha2Of
SELECT sha2(name, 256) AS value FROM items;

-- name: sign_of :many FnSignOf
SELECT sign(price) AS value FROM items;

-- name: sleep_of :one FnSleepOf
SELECT sleep(0) AS value;

-- name: soundex_of :many FnSoundexOf
SELECT soundex(name) AS value FROM items;

-- name: sqrt_of :many FnSqrtOf
SELECT sqrt(n) AS value FROM items;

-- name: str_to_date_of :many FnStrToDateOf
SELECT str_to_date(name, '%Y-%m-%d') AS value FROM items;

-- name: str_to_date_stamp :one FnStrToDateStamp
SELECT str_to_date('2024-02-29 12:30', '%Y-%m-%d %H:%i') AS value;

-- name: strcmp_of :many FnStrcmpOf
SELECT strcmp(name, code) AS value FROM items;

-- name: substring_of :many FnSubstringOf
SELECT substring(name, 1, 2) AS value FROM items;

-- name: substring_index_of :many FnSubstringIndexOf
SELECT substring_index(name, ' ', 1) AS value FROM items;

-- name: subtime_of :many FnSubtimeOf
SELECT subtime(at_time, '01:00:00') AS value FROM items;

-- name: sysdate_of :one FnSysdateOf
SELECT sysdate() AS value;

-- name: time_of :many FnTimeOf
SELECT time(stamp) AS value FROM items;

-- name: time_format_of :many FnTimeFormatOf
SELECT time_format(at_time, '%H') AS value FROM items;

-- name: time_to_sec_of :many FnTimeToSecOf
SELECT time_to_sec(at_time) AS value FROM items;

-- name: timediff_of :many FnTimediffOf
SELECT timediff(stamp, later) AS value FROM items;

-- name: timestamp_of :many FnTimestampOf
SELECT timestamp(day) AS value FROM items;

-- name: timestamp_two :many FnTimestampTwo
SELECT timestamp(day, at_time) AS value FROM items;

-- name: timestampadd_of :many FnTimestampaddOf
SELECT timestampadd(MINUTE, 5, stamp) AS value FROM items;

-- name: timestampdiff_of :many FnTimestampdiffOf
SELECT timestampdiff(DAY, stamp, later) AS value FROM items;

-- name: to_base64_of :many FnToBase64Of
SELECT to_base64(name) AS value FROM items;

-- name: to_days_of :many FnToDaysOf
SELECT to_days(day) AS value FROM items;

-- name: trim_of :many FnTrimOf
SELECT trim(name) AS value FROM items;

-- name: truncate_of :many FnTruncateOf
SELECT truncate(price, 1) AS value FROM items;

-- name: ucase_of :many FnUcaseOf
SELECT ucase(name) AS value FROM items;

-- name: unhex_of :many FnUnhexOf
SELECT unhex('41') AS value FROM items;

-- name: unix_timestamp_of :many FnUnixTimestampOf
SELECT unix_timestamp(stamp) AS value FROM items;

-- name: unix_timestamp_now :one FnUnixTimestampNow
SELECT unix_timestamp() AS value;

-- name: user_of :one FnUserOf
SELECT user() AS value;

-- name: utc_date_of :one FnUtcDateOf
SELECT utc_date() AS value;

-- name: utc_time_of :one FnUtcTimeOf
SELECT utc_time() AS value;

-- name: utc_timestamp_of :one FnUtcTimestampOf
SELECT utc_timestamp() AS value;

-- name: uuid_of :one FnUuidOf
SELECT uuid() AS value;

-- name: uuid_short_of :one FnUuidShortOf
SELECT uuid_short() AS value;

-- name: version_of :one FnVersionOf
SELECT version() AS value;

-- name: week_of :many FnWeekOf
SELECT week(day) AS value FROM items;

-- name: weekday_of :many FnWeekdayOf
SELECT weekday(day) AS value FROM items;

-- name: year_of :many FnYearOf
SELECT year(day) AS value FROM items;

-- name: yearweek_of :many FnYearweekOf
SELECT yearweek(due) AS value FROM items;
