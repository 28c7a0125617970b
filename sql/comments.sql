-- Comments: answers to a post, or to another comment of the same post.

-- name: create :one Comment
-- Insert a comment; without a parent it answers the post itself.
INSERT INTO comments (blog_post_id, user_id, parent_id, body)
VALUES (:blog_post_id, :user_id, :parent_id, :body)
RETURNING id, blog_post_id, user_id, parent_id, body, created_at;


-- name: by_id :maybe Comment
-- One comment by key.
SELECT id, blog_post_id, user_id, parent_id, body, created_at
FROM comments
WHERE id = :id;


-- name: list_all :many Comment
-- Every comment, the oldest first.
SELECT id, blog_post_id, user_id, parent_id, body, created_at
FROM comments
ORDER BY id;


-- name: of_post :many Comment
-- The comments of a post, the oldest first, as a flat list.
SELECT id, blog_post_id, user_id, parent_id, body, created_at
FROM comments
WHERE blog_post_id = :blog_post_id
ORDER BY id;


-- name: of_user :many Comment
-- The comments that a user wrote, the oldest first.
SELECT id, blog_post_id, user_id, parent_id, body, created_at
FROM comments
WHERE user_id = :user_id
ORDER BY id;


-- name: thread :many CommentInThread
-- The comments of a post as a tree: each right above its answers, with its depth; 0 answers the post.
WITH RECURSIVE thread (id, blog_post_id, parent_id, user_id, body, depth, path) AS (
    SELECT
        id, blog_post_id, parent_id, user_id, body,
        0,
        -- A path of keys with the same number of digits sorts like the tree.
        CAST(1000000000000000000 + id AS varchar(4000))
    FROM comments
    WHERE
        blog_post_id = :blog_post_id
        AND parent_id IS NULL
    UNION ALL
    SELECT
        comments.id, comments.blog_post_id, comments.parent_id, comments.user_id, comments.body,
        thread.depth + 1,
        CAST(thread.path || (1000000000000000000 + comments.id) AS varchar(4000))
    FROM thread
    INNER JOIN comments
        ON
            thread.blog_post_id = comments.blog_post_id
            AND thread.id = comments.parent_id
)

SELECT
    thread.id, thread.parent_id, thread.depth,
    users.username AS author,
    thread.body
FROM thread
INNER JOIN users ON thread.user_id = users.id
ORDER BY thread.path;


-- name: update_body :maybe Comment
-- Give a comment another text.
UPDATE comments
SET body = :body
WHERE id = :id
RETURNING id, blog_post_id, user_id, parent_id, body, created_at;


-- name: delete :affected
-- Delete a comment with all its answers.
DELETE FROM comments
WHERE id = :id;
