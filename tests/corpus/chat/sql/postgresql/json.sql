-- JSON as PostgreSQL reads it.

-- name: profile_names :many ProfileName
SELECT id, profile ->> 'name' AS name, profile -> 'age' AS age, jsonb_typeof(profile) AS kind FROM people;

-- name: as_object :many AsObject
SELECT id, jsonb_build_object('id', id, 'handle', handle) AS doc, json_build_array(handle, muted) AS list FROM people;

-- name: all_handles :one AllHandles
SELECT json_agg(handle) AS handles, jsonb_object_agg(handle, id) AS ids, array_agg(handle) AS names FROM people;

-- name: reaction_rows :many ReactionRow
SELECT m.id, j.key, j.value FROM messages AS m CROSS JOIN LATERAL jsonb_each_text(m.reactions) AS j (key, value)
WHERE jsonb_typeof(m.reactions) = 'object';

-- name: whole_rows :many WholeRow
SELECT to_jsonb(p) AS doc, row_to_json(p) AS text FROM people AS p;

-- name: upsert_settings :one RoomSettings
INSERT INTO rooms (slug, owner_id, settings) VALUES (:slug, :owner_id, :settings)
ON CONFLICT (slug) DO UPDATE SET settings = COALESCE(rooms.settings, '{}'::jsonb) || excluded.settings
RETURNING slug, settings;

-- name: merge_members :affected
MERGE INTO members AS m USING people AS p ON m.person_id = p.id AND m.room_slug = :room_slug
WHEN MATCHED AND p.muted THEN DELETE
WHEN MATCHED THEN UPDATE SET nick = p.handle
WHEN NOT MATCHED THEN DO NOTHING;
