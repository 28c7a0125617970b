-- name: GetBook :one
SELECT * FROM books WHERE id = $1;

-- name: BooksOf :many
SELECT id, title, price FROM books WHERE author_id = $1 ORDER BY id;

-- name: CreateBook :one
INSERT INTO books (author_id, title, price, tags) VALUES ($1, $2, $3, $4) RETURNING *;

-- name: SetPrice :exec
UPDATE books SET price = $2 WHERE id = $1;

-- name: SetTitle :exec
UPDATE books SET title = sqlc.arg(title), price = @price WHERE id = sqlc.arg(id);

-- name: Tagged :many
SELECT id, title FROM books WHERE tags && $1::text[];

-- name: WithAuthor :many
SELECT sqlc.embed(b), sqlc.embed(authors)
FROM books AS b
INNER JOIN authors ON b.author_id = authors.id
ORDER BY b.id;

-- name: Titles :many
SELECT b.title, a.name AS author FROM books b JOIN authors a ON a.id = b.author_id WHERE a.id = $1;

-- name: CheaperThan :many
SELECT id FROM books WHERE price < $1::numeric AND available;

-- name: Delete :execrows
DELETE FROM books WHERE id = ANY(sqlc.arg(ids)::bigint[]);

-- name: Total :one
SELECT coalesce(sum(price), 0)::numeric(12, 2) AS total FROM books;

-- name: Ranked :many
SELECT id, rank() OVER (PARTITION BY author_id ORDER BY price DESC) AS place FROM books;

-- name: PerAuthor :many
SELECT author_id, count(*) AS n FROM books GROUP BY author_id HAVING count(*) > $1;

-- name: Search :many
SELECT id, title FROM books
WHERE available
  AND (sqlc.narg('title')::text IS NULL OR title ILIKE sqlc.narg('title'))
  AND (sqlc.narg('price')::numeric IS NULL OR price <= sqlc.narg('price'))
ORDER BY id
LIMIT sqlc.arg('limit') OFFSET sqlc.arg('offset');

-- name: Dearest :one
SELECT id, title FROM books ORDER BY price DESC, id LIMIT 1;

-- name: InSql :many
SELECT id FROM books WHERE title = 'costs $1 at the shop' AND id = $1;

-- name: AddTag :exec
UPDATE books SET tags = array_append(tags, $2::text) WHERE id = $1;

-- name: MoveBooks :execrows
UPDATE books SET author_id = sqlc.arg(new_author) WHERE author_id = sqlc.arg(old_author);

-- name: NullTest :many
SELECT id FROM authors WHERE bio IS NOT DISTINCT FROM sqlc.narg('bio')::text;
