-- Blog posts: the forms for MariaDB.  users.sql in this folder tells why an update is written as an INSERT.

-- name: update :maybe BlogPost
INSERT INTO blog_posts (id, user_id, title, body)
SELECT
    id,
    user_id,
    title,
    body
FROM blog_posts AS old
WHERE id = :id
FOR UPDATE
ON DUPLICATE KEY UPDATE
    title = :title,
    body = :body
RETURNING
    id,
    user_id,
    title,
    body,
    created_at;
