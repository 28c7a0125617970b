-- Functions of JSON.

-- name: to_json_of :many DocToJsonOf
SELECT to_json(station) AS value FROM readings;

-- name: to_jsonb_of :many DocToJsonbOf
SELECT to_jsonb(n) AS value FROM readings;

-- name: array_to_json_of :many DocArrayToJsonOf
SELECT array_to_json(tags) AS value FROM readings;

-- name: row_to_json_of :many DocRowToJsonOf
SELECT row_to_json(ROW(n, station)) AS value FROM readings;

-- name: json_build_array_of :many DocJsonBuildArrayOf
SELECT json_build_array(n, station) AS value FROM readings;

-- name: jsonb_build_object_of :many DocJsonbBuildObjectOf
SELECT jsonb_build_object('n', n, 'm', m) AS value FROM readings;

-- name: json_object_of :many DocJsonObjectOf
SELECT json_object(ARRAY['a', 'b'], ARRAY['1', '2']) AS value FROM readings;

-- name: jsonb_array_length_of :one DocJsonbArrayLengthOf
SELECT jsonb_array_length('[1, 2]') AS value;

-- name: jsonb_extract_path_of :many DocJsonbExtractPathOf
SELECT jsonb_extract_path(doc, 'a') AS value FROM readings;

-- name: jsonb_extract_path_text_of :many DocJsonbExtractPathTextOf
SELECT jsonb_extract_path_text(doc, 'a') AS value FROM readings;

-- name: jsonb_typeof_of :many DocJsonbTypeofOf
SELECT jsonb_typeof(doc) AS value FROM readings;

-- name: jsonb_set_of :many DocJsonbSetOf
SELECT jsonb_set('{"a": 1}', '{a}', '2') AS value FROM readings;

-- name: jsonb_strip_nulls_of :many DocJsonbStripNullsOf
SELECT jsonb_strip_nulls(doc) AS value FROM readings;

-- name: jsonb_pretty_of :many DocJsonbPrettyOf
SELECT jsonb_pretty(doc) AS value FROM readings;

-- name: jsonb_path_query_array_of :many DocJsonbPathQueryArrayOf
SELECT jsonb_path_query_array(doc, '$.b[*]') AS value FROM readings;

-- name: jsonb_path_query_first_of :many DocJsonbPathQueryFirstOf
SELECT jsonb_path_query_first(doc, '$.a') AS value FROM readings;

-- name: jsonb_path_exists_of :many DocJsonbPathExistsOf
SELECT jsonb_path_exists(doc, '$.a') AS value FROM readings;

-- name: jsonb_element_cast :many DocJsonbElementCast
SELECT (doc ->> 'a')::numeric AS value FROM readings;

-- name: json_scalar_number :many DocJsonScalarNumber
SELECT (doc -> 'a')::text AS value FROM readings;
