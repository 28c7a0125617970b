-- Which post bears which tag.

-- name: create :one BlogPostTag
-- Tag a post; a post that bears the tag already is refused.
INSERT INTO blog_post_tag_association (blog_post_id, tag_id)
VALUES (:blog_post_id, :tag_id)
RETURNING blog_post_id, tag_id;


-- name: get_or_create :one BlogPostTag
-- Tag a post, unless it bears the tag already.
INSERT INTO blog_post_tag_association (blog_post_id, tag_id)
VALUES (:blog_post_id, :tag_id)
ON CONFLICT (blog_post_id, tag_id) DO UPDATE
-- Nothing changes, but only a row that was written comes back.
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
-- Take a tag from a post; both stay.
DELETE FROM blog_post_tag_association
WHERE
    blog_post_id = :blog_post_id
    AND tag_id = :tag_id;
