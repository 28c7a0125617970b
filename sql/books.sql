-- Books of the library.

-- name: create :one Book
-- Insert a book, which is available.
INSERT INTO books (title, author, pages)
VALUES (:title, :author, :pages)
RETURNING id, title, author, pages, available;


-- name: upsert :one Book
-- Insert a book, or correct its pages; the same author and title always keep their id.
INSERT INTO books (title, author, pages)
VALUES (:title, :author, :pages)
ON CONFLICT (author, title) DO UPDATE
SET pages = excluded.pages
RETURNING id, title, author, pages, available;


-- name: by_id :maybe Book
-- One book by key.
SELECT id, title, author, pages, available
FROM books
WHERE id = :id;


-- name: list_all :many Book
-- Every book, by title.
SELECT id, title, author, pages, available
FROM books
ORDER BY
    title,
    author;


-- name: list_available :many Book
-- The available books, by title.
SELECT id, title, author, pages, available
FROM books
WHERE available
ORDER BY
    title,
    author;


-- name: by_author :many Book
-- The books of an author, by title.
SELECT id, title, author, pages, available
FROM books
WHERE author = :author
ORDER BY title;


-- name: mark_unavailable :maybe Book
-- Mark a book as not available.
UPDATE books
SET available = FALSE
WHERE id = :id
RETURNING id, title, author, pages, available;


-- name: mark_available :maybe Book
-- Mark a book as available.
UPDATE books
SET available = TRUE
WHERE id = :id
RETURNING id, title, author, pages, available;


-- name: delete :affected
-- Delete a book.
DELETE FROM books
WHERE id = :id;
