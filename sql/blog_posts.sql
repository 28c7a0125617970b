-- Blog posts: what a user wrote.

-- name: create :one BlogPost
-- Insert a post of a user; the stored row is returned.
INSERT INTO blog_posts (user_id, title, body)
VALUES (:user_id, :title, :body)
RETURNING id, user_id, title, body, created_at;


-- name: create_many :batch BlogPost
-- Insert many posts in few round trips; the rows are returned in the order given.
INSERT INTO blog_posts (user_id, title, body)
VALUES (:user_id, :title, :body)
RETURNING id, user_id, title, body, created_at;


-- name: by_id :maybe BlogPost
-- One post by key.
SELECT id, user_id, title, body, created_at
FROM blog_posts
WHERE id = :id;


-- name: list_all :many BlogPost
-- Every post, the oldest first.
SELECT id, user_id, title, body, created_at
FROM blog_posts
ORDER BY id;


-- name: newest :many BlogPost
-- The newest posts.
SELECT id, user_id, title, body, created_at
FROM blog_posts
ORDER BY id DESC
LIMIT :limit;


-- name: of_user :many BlogPost
-- The posts of a user, the oldest first.
SELECT id, user_id, title, body, created_at
FROM blog_posts
WHERE user_id = :user_id
ORDER BY id;


-- name: of_users :many BlogPost
-- The posts of several users, user by user.
SELECT id, user_id, title, body, created_at
FROM blog_posts
WHERE user_id IN (:user_ids)
ORDER BY
    user_id,
    id;


-- name: stream_all :stream BlogPost
-- Every post in key order, read in bounded memory.
SELECT id, user_id, title, body, created_at
FROM blog_posts
ORDER BY id;


-- name: count_of_user :one scalar
-- How many posts a user wrote.
SELECT count(*) AS blog_posts
FROM blog_posts
WHERE user_id = :user_id;


-- name: with_author :many PostWithAuthor
-- Every post with its author's name.
SELECT
    blog_posts.id, blog_posts.title, blog_posts.user_id,
    users.username AS author
FROM blog_posts
INNER JOIN users ON blog_posts.user_id = users.id
ORDER BY blog_posts.id;


-- name: tagged :many PostWithAuthor
-- The posts with a tag, and their authors' names.
SELECT
    blog_posts.id, blog_posts.title, blog_posts.user_id,
    users.username AS author
FROM tags
INNER JOIN blog_post_tag_association ON tags.id = blog_post_tag_association.tag_id
INNER JOIN blog_posts ON blog_post_tag_association.blog_post_id = blog_posts.id
INNER JOIN users ON blog_posts.user_id = users.id
WHERE tags.name = :tag
ORDER BY blog_posts.id;


-- name: search :many PostWithAuthor
-- Posts by tag, author and date, the newest or the oldest first.
SELECT
    blog_posts.id, blog_posts.title, blog_posts.user_id,
    users.username AS author
FROM blog_posts
INNER JOIN users ON blog_posts.user_id = users.id
INNER JOIN blog_post_tag_association AS link ON blog_posts.id = link.blog_post_id -- if :tag
INNER JOIN tags ON link.tag_id = tags.id -- if :tag
WHERE
    TRUE
    AND tags.name = :tag -- if :tag
    AND users.username = :author -- if :author
    AND blog_posts.created_at >= :since -- if :since
    AND blog_posts.created_at < :until -- if :until
ORDER BY
    blog_posts.id DESC -- if :order = newest
    -- blog_posts.id -- if :order = oldest
LIMIT :limit;


-- name: overview :many PostOverview
-- A post with its author, its number of comments and its tags: a row for each tag, or one without a tag.
SELECT
    blog_posts.id, blog_posts.title,
    users.username AS author,
    -- A sub-query: a join with the comments would count each comment once for each tag.
    (
        SELECT count(*)
        FROM comments
        WHERE comments.blog_post_id = blog_posts.id
    ) AS comments,
    tags.name AS tag
FROM blog_posts
INNER JOIN users ON blog_posts.user_id = users.id
LEFT OUTER JOIN blog_post_tag_association ON blog_posts.id = blog_post_tag_association.blog_post_id
LEFT OUTER JOIN tags ON blog_post_tag_association.tag_id = tags.id
WHERE blog_posts.id = :id
ORDER BY tags.name;


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
        SELECT json_group_array(json_object('id', tagged.id, 'name', tagged.name))
        FROM (
            SELECT tags.id, tags.name
            FROM tags
            INNER JOIN blog_post_tag_association ON tags.id = blog_post_tag_association.tag_id
            WHERE blog_post_tag_association.blog_post_id = blog_posts.id
            ORDER BY tags.name
        ) AS tagged
    ) AS tags
FROM blog_posts
INNER JOIN users ON blog_posts.user_id = users.id
LEFT OUTER JOIN comments ON blog_posts.id = comments.blog_post_id
ORDER BY
    blog_posts.id,
    comments.id;


-- name: update :maybe BlogPost
-- Give a post another title and text.
UPDATE blog_posts
SET
    title = :title,
    body = :body
WHERE id = :id
RETURNING id, user_id, title, body, created_at;


-- name: delete :affected
-- Delete a post with its comments; its tags stay.
DELETE FROM blog_posts
WHERE id = :id;
