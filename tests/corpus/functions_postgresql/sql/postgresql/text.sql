-- Functions of text and of bytes.

-- name: ascii_of :many TextAsciiOf
SELECT ascii(station) AS value FROM readings;

-- name: btrim_of :many TextBtrimOf
SELECT btrim(station, 'x') AS value FROM readings;

-- name: bit_length_of :many TextBitLengthOf
SELECT bit_length(station) AS value FROM readings;

-- name: char_length_of :many TextCharLengthOf
SELECT char_length(station) AS value FROM readings;

-- name: chr_of :many TextChrOf
SELECT chr(65) AS value FROM readings;

-- name: concat_of :many TextConcatOf
SELECT concat(station, n, remark) AS value FROM readings;

-- name: concat_ws_of :many TextConcatWsOf
SELECT concat_ws('-', station, remark) AS value FROM readings;

-- name: convert_to_of :many TextConvertToOf
SELECT convert_to(station, 'UTF8') AS value FROM readings;

-- name: format_of :many TextFormatOf
SELECT format('%s is %s', station, n) AS value FROM readings;

-- name: initcap_of :many TextInitcapOf
SELECT initcap(station) AS value FROM readings;

-- name: left_of :many TextLeftOf
SELECT left(station, 2) AS value FROM readings;

-- name: length_of :many TextLengthOf
SELECT length(remark) AS value FROM readings;

-- name: lower_of :many TextLowerOf
SELECT lower(station) AS value FROM readings;

-- name: lpad_of :many TextLpadOf
SELECT lpad(station, 5, '*') AS value FROM readings;

-- name: ltrim_of :many TextLtrimOf
SELECT ltrim(station) AS value FROM readings;

-- name: md5_of :many TextMd5Of
SELECT md5(station) AS value FROM readings;

-- name: normalize_of :many TextNormalizeOf
SELECT normalize(station) AS value FROM readings;

-- name: octet_length_of :many TextOctetLengthOf
SELECT octet_length(station) AS value FROM readings;

-- name: overlay_of :many TextOverlayOf
SELECT overlay(station PLACING 'x' FROM 1 FOR 1) AS value FROM readings;

-- name: parse_ident_of :one TextParseIdentOf
SELECT parse_ident('a.b') AS value;

-- name: position_of :many TextPositionOf
SELECT position('a' IN station) AS value FROM readings;

-- name: quote_ident_of :many TextQuoteIdentOf
SELECT quote_ident(station) AS value FROM readings;

-- name: quote_nullable_of :many TextQuoteNullableOf
SELECT quote_nullable(remark) AS value FROM readings;

-- name: regexp_match_of :many TextRegexpMatchOf
SELECT regexp_match(station, '(a)') AS value FROM readings;

-- name: regexp_replace_of :many TextRegexpReplaceOf
SELECT regexp_replace(station, 'a', 'b') AS value FROM readings;

-- name: regexp_split_of :many TextRegexpSplitOf
SELECT regexp_split_to_array(station, ' ') AS value FROM readings;

-- name: regexp_count_of :many TextRegexpCountOf
SELECT regexp_count(station, 'a') AS value FROM readings;

-- name: regexp_like_of :many TextRegexpLikeOf
SELECT regexp_like(station, 'a') AS value FROM readings;

-- name: regexp_substr_of :many TextRegexpSubstrOf
SELECT regexp_substr(station, 'z+') AS value FROM readings;

-- name: repeat_of :many TextRepeatOf
SELECT repeat(code, 2) AS value FROM readings;

-- name: replace_of :many TextReplaceOf
SELECT replace(remark, 'a', 'b') AS value FROM readings;

-- name: reverse_of :many TextReverseOf
SELECT reverse(station) AS value FROM readings;

-- name: right_of :many TextRightOf
SELECT right(station, 2) AS value FROM readings;

-- name: split_part_of :many TextSplitPartOf
SELECT split_part(station, ' ', 1) AS value FROM readings;

-- name: starts_with_of :many TextStartsWithOf
SELECT starts_with(station, 'a') AS value FROM readings;

-- name: string_to_array_of :many TextStringToArrayOf
SELECT string_to_array(station, ' ') AS value FROM readings;

-- name: strpos_of :many TextStrposOf
SELECT strpos(station, 'a') AS value FROM readings;

-- name: substr_of :many TextSubstrOf
SELECT substr(station, 2) AS value FROM readings;

-- name: substring_of :many TextSubstringOf
SELECT substring(station FROM 1 FOR 2) AS value FROM readings;

-- name: substring_regex :many TextSubstringRegex
SELECT substring(station FROM 'z+') AS value FROM readings;

-- name: to_ascii_hex :many TextToAsciiHex
SELECT to_hex(n) AS value FROM readings;

-- name: translate_of :many TextTranslateOf
SELECT translate(station, 'ab', 'xy') AS value FROM readings;

-- name: trim_of :many TextTrimOf
SELECT trim(BOTH ' ' FROM station) AS value FROM readings;

-- name: unistr_of :one TextUnistrOf
SELECT unistr('\0061') AS value;

-- name: upper_null :many TextUpperNull
SELECT upper(remark) AS value FROM readings;

-- name: to_char_number :many TextToCharNumber
SELECT to_char(rain, '999D99') AS value FROM readings;

-- name: to_char_date :many TextToCharDate
SELECT to_char(at, 'YYYY-MM') AS value FROM readings;

-- name: to_number_of :many TextToNumberOf
SELECT to_number('12.5', '99.9') AS value FROM readings;

-- name: to_date_of :many TextToDateOf
SELECT to_date('2024-02-29', 'YYYY-MM-DD') AS value FROM readings;

-- name: to_timestamp_of :many TextToTimestampOf
SELECT to_timestamp(n) AS value FROM readings;

-- name: to_timestamp_text :many TextToTimestampText
SELECT to_timestamp('2024', 'YYYY') AS value FROM readings;

-- name: encode_of :many TextEncodeOf
SELECT encode(photo, 'hex') AS value FROM readings;

-- name: decode_of :many TextDecodeOf
SELECT decode('00ff', 'hex') AS value FROM readings;

-- name: sha_of :many TextShaOf
SELECT sha256('a') AS value FROM readings;

-- name: get_byte_of :many TextGetByteOf
SELECT get_byte('\x00ff'::bytea, 1) AS value FROM readings;
