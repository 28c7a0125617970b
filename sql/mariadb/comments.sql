-- Comments: the forms for MariaDB.  users.sql in this folder explains why an update is written as an INSERT.

-- name: update_body :maybe Comment
INSERT INTO comments (id, blog_post_id, user_id, body)
SELECT id, blog_post_id, user_id, body
FROM comments AS old
WHERE id = :id
FOR UPDATE
ON DUPLICATE KEY UPDATE body = :body
RETURNING id, blog_post_id, user_id, parent_id, body, created_at;
