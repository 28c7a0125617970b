-- Books: the forms for MariaDB.  users.sql in this folder explains why an update is written as an INSERT.

-- name: upsert :one Book
INSERT INTO books (title, author, pages)
VALUES (:title, :author, :pages)
ON DUPLICATE KEY UPDATE pages = VALUES(pages)
RETURNING id, title, author, pages, available;


-- name: mark_unavailable :maybe Book
INSERT INTO books (id, title, author, pages)
SELECT id, title, author, pages
FROM books AS old
WHERE id = :id
FOR UPDATE
ON DUPLICATE KEY UPDATE available = FALSE
RETURNING id, title, author, pages, available;


-- name: mark_available :maybe Book
INSERT INTO books (id, title, author, pages)
SELECT id, title, author, pages
FROM books AS old
WHERE id = :id
FOR UPDATE
ON DUPLICATE KEY UPDATE available = TRUE
RETURNING id, title, author, pages, available;
