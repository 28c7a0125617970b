-- name: GetAuthor :one
SELECT * FROM authors
WHERE id = $1 LIMIT 1;

-- name: GetAuthorByName :one
SELECT id, name FROM authors WHERE name = $1;

-- name: ListAuthors :many
-- All of them, by name.
SELECT * FROM authors
ORDER BY name;

-- name: CreateAuthor :one
INSERT INTO authors (name, bio, born)
VALUES ($1, $2, $3)
RETURNING *;

-- name: DeleteAuthor :exec
DELETE FROM authors
WHERE id = $1;

-- name: RenameAuthor :execrows
UPDATE authors SET name = $2 WHERE id = $1;

-- name: TouchAuthor :execresult
UPDATE authors SET bio = bio WHERE id = $1;

-- name: ListPage :many
SELECT id, name FROM authors ORDER BY id LIMIT $1 OFFSET $2;

-- name: BornBetween :many
SELECT id FROM authors WHERE born BETWEEN $1 AND $2;

-- name: NamedLike :many
SELECT id, name FROM authors WHERE name ILIKE '%' || sqlc.arg(part)::text || '%';

-- name: AtSign :many
SELECT id FROM authors WHERE name = @name AND born > @year::int;

-- name: FilterAuthors :many
SELECT id, name FROM authors
WHERE (sqlc.narg('name')::text IS NULL OR name = sqlc.narg('name'))
  AND (sqlc.narg('born')::int IS NULL OR born >= sqlc.narg('born'))
ORDER BY id;

-- name: UpdateAuthor :one
UPDATE authors
SET name = coalesce(sqlc.narg('name'), name),
    bio = coalesce(sqlc.narg('bio'), bio)
WHERE id = sqlc.arg('id')
RETURNING *;

-- name: ByIDs :many
SELECT id, name FROM authors WHERE id = ANY($1::bigint[]);

-- name: BySlice :many
SELECT id FROM authors WHERE id IN (sqlc.slice('ids'));

-- name: CountAuthors :one
SELECT count(*) FROM authors;

-- name: OldestBirth :one
SELECT min(born)::int AS oldest FROM authors;

-- name: CopyAuthors :copyfrom
INSERT INTO authors (name, bio, born) VALUES ($1, $2, $3);

-- name: BatchDelete :batchexec
DELETE FROM authors WHERE id = $1;

-- name: BatchGet :batchone
SELECT * FROM authors WHERE id = $1;

-- name: UpsertAuthor :one
INSERT INTO authors (name, bio) VALUES (@name, @bio)
ON CONFLICT (name) DO UPDATE SET bio = EXCLUDED.bio
RETURNING id;

-- name: AuthorExists :one
SELECT EXISTS (SELECT 1 FROM authors WHERE name = $1);
