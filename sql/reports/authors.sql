-- Reports on authors.

-- name: posts_per_author :many AuthorRank
-- How many posts each user wrote, the most first; users with equally many share a rank.
WITH author (id, username, posts) AS (
    SELECT
        users.id, users.username,
        -- Not count(*): a user without posts has one joined row but no post.
        count(blog_posts.id)
    FROM users
    LEFT OUTER JOIN blog_posts ON users.id = blog_posts.user_id
    GROUP BY
        users.id,
        users.username
)

SELECT
    id, username, posts,
    rank() OVER (ORDER BY posts DESC) AS place
FROM author
ORDER BY
    place,
    username;


-- name: longest_silence :many AuthorSilence
-- The users who wrote a post, with their last post and the number of later posts by others.
WITH post (user_id, id, title, place, posts_after) AS (
    SELECT
        user_id, id, title,
        row_number() OVER (PARTITION BY user_id ORDER BY id DESC),
        count(*) OVER (ORDER BY id DESC ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) - 1
    FROM blog_posts
)

SELECT
    users.id, users.username,
    post.title AS last_title,
    post.posts_after
FROM post
INNER JOIN users ON post.user_id = users.id
WHERE post.place = 1
ORDER BY
    post.posts_after DESC,
    users.id;
