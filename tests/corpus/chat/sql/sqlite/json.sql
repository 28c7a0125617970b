-- JSON as SQLite reads it.

-- name: profile_names :many ProfileName
SELECT id, profile ->> '$.name' AS name, json_extract(profile, '$.age') AS age, json_type(profile) AS kind FROM people;

-- name: as_object :many AsObject
SELECT id, json_object('id', id, 'handle', handle) AS doc, json_array(handle, muted) AS list FROM people;

-- name: all_handles :one AllHandles
SELECT json_group_array(handle) AS handles, json_group_object(handle, id) AS ids FROM people;

-- name: reaction_rows :many ReactionRow
SELECT m.id, j.key, j.type FROM messages AS m INNER JOIN json_each(m.reactions) AS j;
