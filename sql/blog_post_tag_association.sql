-- The tags of posts.

-- name: create :one BlogPostTag
-- Tag a post; a post that already has the tag is refused.
INSERT INTO blog_post_tag_association (blog_post_id, tag_id)
VALUES (:blog_post_id, :tag_id)
RETURNING blog_post_id, tag_id;


-- name: get_or_create :one BlogPostTag
-- Tag a post, unless it already has the tag.
INSERT INTO blog_post_tag_association (blog_post_id, tag_id)
VALUES (:blog_post_id, :tag_id)
ON CONFLICT (blog_post_id, tag_id) DO UPDATE
-- This changes nothing, but only a written row is returned.
SET tag_id = excluded.tag_id
RETURNING blog_post_id, tag_id;


-- name: list_all :many BlogPostTag
-- Every tag of every post.
SELECT blog_post_id, tag_id
FROM blog_post_tag_association
ORDER BY
    blog_post_id,
    tag_id;


-- name: remove :affected
-- Remove a tag from a post; both stay.
DELETE FROM blog_post_tag_association
WHERE
    blog_post_id = :blog_post_id
    AND tag_id = :tag_id;
