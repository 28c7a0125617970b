-- Functions of arrays, ranges, networks and the session; the schema's own.

-- name: array_append_of :many OtherArrayAppendOf
SELECT array_append(tags, 'x') AS value FROM readings;

-- name: array_cat_of :many OtherArrayCatOf
SELECT array_cat(levels, ARRAY[1]) AS value FROM readings;

-- name: array_dims_of :many OtherArrayDimsOf
SELECT array_dims(tags) AS value FROM readings;

-- name: array_fill_of :one OtherArrayFillOf
SELECT array_fill(1, ARRAY[2]) AS value;

-- name: array_length_of :many OtherArrayLengthOf
SELECT array_length(tags, 1) AS value FROM readings;

-- name: array_lower_of :many OtherArrayLowerOf
SELECT array_lower(tags, 1) AS value FROM readings;

-- name: array_position_of :many OtherArrayPositionOf
SELECT array_position(tags, 'a') AS value FROM readings;

-- name: array_positions_of :many OtherArrayPositionsOf
SELECT array_positions(tags, 'a') AS value FROM readings;

-- name: array_prepend_of :many OtherArrayPrependOf
SELECT array_prepend(1, levels) AS value FROM readings;

-- name: array_remove_of :many OtherArrayRemoveOf
SELECT array_remove(tags, 'a') AS value FROM readings;

-- name: array_replace_of :many OtherArrayReplaceOf
SELECT array_replace(tags, 'a', 'b') AS value FROM readings;

-- name: array_to_string_of :many OtherArrayToStringOf
SELECT array_to_string(tags, ',') AS value FROM readings;

-- name: cardinality_of :many OtherCardinalityOf
SELECT cardinality(tags) AS value FROM readings;

-- name: trim_array_of :one OtherTrimArrayOf
SELECT trim_array(ARRAY[1, 2, 3], 1) AS value;

-- name: lower_range :many OtherLowerRange
SELECT lower(span) AS value FROM readings;

-- name: upper_range :many OtherUpperRange
SELECT upper(span) AS value FROM readings;

-- name: isempty_of :many OtherIsemptyOf
SELECT isempty(span) AS value FROM readings;

-- name: upper_inf_of :many OtherUpperInfOf
SELECT upper_inf(span) AS value FROM readings;

-- name: range_merge_of :many OtherRangeMergeOf
SELECT range_merge(span, int4range(1, 2)) AS value FROM readings;

-- name: host_of :many OtherHostOf
SELECT host(host) AS value FROM readings;

-- name: family_of :many OtherFamilyOf
SELECT family(host) AS value FROM readings;

-- name: masklen_of :many OtherMasklenOf
SELECT masklen(host) AS value FROM readings;

-- name: network_of :many OtherNetworkOf
SELECT network(host) AS value FROM readings;

-- name: abbrev_of :many OtherAbbrevOf
SELECT abbrev(host) AS value FROM readings;

-- name: set_masklen_of :many OtherSetMasklenOf
SELECT set_masklen(host, 24) AS value FROM readings;

-- name: broadcast_of :many OtherBroadcastOf
SELECT broadcast(host) AS value FROM readings;

-- name: enum_first_of :one OtherEnumFirstOf
SELECT enum_first(NULL::sky) AS value;

-- name: enum_range_of :one OtherEnumRangeOf
SELECT enum_range(NULL::sky) AS value;

-- name: gen_uuid :one OtherGenUuid
SELECT gen_random_uuid() AS value;

-- name: current_user_of :one OtherCurrentUserOf
SELECT CURRENT_USER AS value;

-- name: current_schema_of :one OtherCurrentSchemaOf
SELECT current_schema() AS value;

-- name: current_schemas_of :one OtherCurrentSchemasOf
SELECT current_schemas(false) AS value;

-- name: current_setting_of :one OtherCurrentSettingOf
SELECT current_setting('timezone') AS value;

-- name: current_setting_missing :one OtherCurrentSettingMissing
SELECT current_setting('my.setting', true) AS value;

-- name: version_of :one OtherVersionOf
SELECT version() AS value;

-- name: pg_typeof_of :many OtherPgTypeofOf
SELECT pg_typeof(n) AS value FROM readings;

-- name: pg_backend_pid_of :one OtherPgBackendPidOf
SELECT pg_backend_pid() AS value;

-- name: to_regclass_of :one OtherToRegclassOf
SELECT to_regclass('readings') AS value;

-- name: num_nonnulls_of :many OtherNumNonnullsOf
SELECT num_nonnulls(m, remark) AS value FROM readings;

-- name: txid_of :one OtherTxidOf
SELECT txid_current() AS value;

-- name: to_tsvector_of :many OtherToTsvectorOf
SELECT to_tsvector('english', station) AS value FROM readings;

-- name: ts_rank_of :many OtherTsRankOf
SELECT ts_rank(to_tsvector(station), to_tsquery('a')) AS value FROM readings;

-- name: matches_query :many OtherMatchesQuery
SELECT to_tsvector(station) @@ to_tsquery('a') AS value FROM readings;

-- name: own_function :many OtherOwnFunction
SELECT double_of(n) AS value FROM readings;

-- name: own_strict :many OtherOwnStrict
SELECT strict_of(remark) AS value FROM readings;

-- name: own_strict_never :many OtherOwnStrictNever
SELECT strict_of(station) AS value FROM readings;

-- name: own_void :many OtherOwnVoid
SELECT nothing_of(n) AS value FROM readings;

-- name: own_pair :one OtherOwnPair
SELECT pair_of() AS value;

-- name: row_value :many OtherRowValue
SELECT ROW(n, station) AS value FROM readings;

-- name: whole_row :many OtherWholeRow
SELECT readings AS value FROM readings;

-- name: system_column :many OtherSystemColumn
SELECT ctid AS value FROM readings;

-- name: table_oid :many OtherTableOid
SELECT tableoid AS value FROM readings;

-- name: xml_element :many OtherXmlElement
SELECT xmlelement(name a, station) AS value FROM readings;
