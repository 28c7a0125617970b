-- Blog posts: the forms for PostgreSQL.

-- name: with_comments :many PostWithComments
-- Every post with its author, its comments and its tags: a join for the comments, JSON for the tags beside them.
-- @embed author PostAuthor
-- @group comments CommentOfPost
-- @group tags Tag json
SELECT
    blog_posts.id, blog_posts.title,
    users.id AS author__id,
    users.username AS author__username,
    comments.id AS comments__id,
    comments.body AS comments__body,
    (
        SELECT json_agg(json_build_object('id', tags.id, 'name', tags.name) ORDER BY tags.name)
        FROM tags
        INNER JOIN blog_post_tag_association ON tags.id = blog_post_tag_association.tag_id
        WHERE blog_post_tag_association.blog_post_id = blog_posts.id
    ) AS tags
FROM blog_posts
INNER JOIN users ON blog_posts.user_id = users.id
LEFT OUTER JOIN comments ON blog_posts.id = comments.blog_post_id
ORDER BY
    blog_posts.id,
    comments.id;
