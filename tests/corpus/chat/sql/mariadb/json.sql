-- JSON as MariaDB reads it.

-- name: profile_names :many ProfileName
SELECT id, json_value(profile, '$.name') AS name, json_extract(profile, '$.age') AS age, json_type(profile) AS kind FROM people;

-- name: as_object :many AsObject
SELECT id, json_object('id', id, 'handle', handle) AS doc, json_array(handle, muted) AS list FROM people;

-- name: all_handles :one AllHandles
SELECT json_arrayagg(handle) AS handles, json_objectagg(handle, id) AS ids FROM people;

-- name: upsert_settings :affected
INSERT INTO rooms (slug, owner_id, settings) VALUES (:slug, :owner_id, :settings)
ON DUPLICATE KEY UPDATE settings = json_merge_patch(COALESCE(settings, '{}'), VALUES(settings));
