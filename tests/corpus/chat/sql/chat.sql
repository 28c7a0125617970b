-- The chat's statements.

-- name: person :maybe Person
SELECT id, handle, profile, last_seen, muted FROM people WHERE handle = :handle;

-- name: join_in :one Person
INSERT INTO people (handle, profile) VALUES (:handle, :profile) RETURNING id, handle, profile, last_seen, muted;

-- name: seen :affected
UPDATE people SET last_seen = :at WHERE id = :id AND (last_seen IS NULL OR last_seen < :at);

-- name: set_profile :affected
UPDATE people SET profile = :profile WHERE id = :id;

-- name: room :maybe Room
SELECT slug, topic, owner_id, settings FROM rooms WHERE slug = :slug;

-- name: rooms_of :many RoomOf
SELECT r.slug, r.topic, m.nick, m.joined_at, p.handle AS owner FROM members AS m
INNER JOIN rooms AS r ON r.slug = m.room_slug
INNER JOIN people AS p ON p.id = r.owner_id
WHERE m.person_id = :person_id;

-- name: enter :affected
INSERT INTO members (room_slug, person_id, nick) VALUES (:room_slug, :person_id, :nick);

-- name: leave :affected
DELETE FROM members WHERE room_slug = :room_slug AND person_id = :person_id;

-- name: say :one Message
INSERT INTO messages (room_slug, author_id, answer_to, body, reactions, sent_at)
VALUES (:room_slug, :author_id, :answer_to, :body, :reactions, :sent_at)
RETURNING id, room_slug, author_id, answer_to, body, reactions, sent_at, edited_at;

-- name: say_many :batch Message
INSERT INTO messages (room_slug, body, sent_at) VALUES (:room_slug, :body, :sent_at)
RETURNING id, room_slug, author_id, answer_to, body, reactions, sent_at, edited_at;

-- name: edit :affected
UPDATE messages SET body = :body, edited_at = :edited_at WHERE id = :id AND author_id = :author_id;

-- name: history :many HistoryLine
SELECT m.id, p.handle, m.body, q.body AS answered, m.sent_at, m.edited_at
FROM messages AS m
LEFT JOIN people AS p ON p.id = m.author_id
LEFT JOIN messages AS q ON q.id = m.answer_to
WHERE m.room_slug = :room_slug AND m.sent_at < :before ORDER BY m.sent_at DESC LIMIT :limit;

-- name: history_stream :stream Message
SELECT id, room_slug, author_id, answer_to, body, reactions, sent_at, edited_at FROM messages ORDER BY id;

-- name: react :affected
UPDATE messages SET reactions = :reactions WHERE id = :id;

-- name: busiest :many Busiest
SELECT room_slug, count(*) AS n, count(DISTINCT author_id) AS people, max(sent_at) AS last_at, max(length(body)) AS longest
FROM messages GROUP BY room_slug ORDER BY n DESC, room_slug LIMIT 10;

-- name: silent :many Silent
SELECT p.id, p.handle FROM people AS p LEFT JOIN messages AS m ON m.author_id = p.id WHERE m.id IS NULL;

-- name: never_together :many Pair
SELECT a.handle AS one, b.handle AS other FROM people AS a CROSS JOIN people AS b
WHERE a.id < b.id AND NOT EXISTS (
    SELECT 1 FROM members AS x INNER JOIN members AS y ON y.room_slug = x.room_slug
    WHERE x.person_id = a.id AND y.person_id = b.id
);

-- name: only_muted :many scalar
SELECT handle FROM people WHERE muted = :muted ORDER BY handle;

-- name: thread :many ThreadLine
WITH RECURSIVE t (id, answer_to, body, depth) AS (
    SELECT m.id, m.answer_to, m.body, 0 FROM messages AS m WHERE m.id = :id
    UNION ALL
    SELECT m.id, m.answer_to, m.body, t.depth + 1 FROM messages AS m INNER JOIN t ON m.answer_to = t.id WHERE t.depth < 4
)
SELECT id, answer_to, body, depth FROM t;
