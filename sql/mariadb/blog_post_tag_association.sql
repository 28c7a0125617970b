-- The tags of posts: the forms for MariaDB.

-- name: get_or_create :one BlogPostTag
INSERT INTO blog_post_tag_association (blog_post_id, tag_id)
VALUES (:blog_post_id, :tag_id)
ON DUPLICATE KEY UPDATE tag_id = VALUES(tag_id)
RETURNING blog_post_id, tag_id;
