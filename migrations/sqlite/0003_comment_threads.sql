-- A comment may answer another one under the same post.  SQLite cannot add such a foreign key: comments is rebuilt.

CREATE TABLE pydb_new_comments (
    id integer NOT NULL CONSTRAINT comments_pkey PRIMARY KEY AUTOINCREMENT,
    blog_post_id integer NOT NULL,
    user_id integer NOT NULL,
    -- The comment that this comment answers.  NULL: this comment answers the post.
    parent_id integer NULL,
    body text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f', 'now') || '000+00:00')
    CHECK (
        datetime(substr(created_at, 1, 19), '+0 days') IS substr(created_at, 1, 19)
        AND substr(created_at, 20) GLOB '.[0-9][0-9][0-9][0-9][0-9][0-9]+00:00'
    ),
    -- For comments.of_post, and as the target of comments_parent_id_fkey.
    CONSTRAINT comments_blog_post_id_id_key UNIQUE (blog_post_id, id),
    CONSTRAINT comments_blog_post_id_fkey
    FOREIGN KEY (blog_post_id) REFERENCES blog_posts (id) ON DELETE CASCADE,
    CONSTRAINT comments_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE,
    -- Both columns: an answer belongs to the same post as the comment that it answers.
    CONSTRAINT comments_parent_id_fkey
    FOREIGN KEY (blog_post_id, parent_id) REFERENCES comments (blog_post_id, id) ON DELETE CASCADE,
    CONSTRAINT comments_body_check CHECK (length(body) >= 1)
);

INSERT INTO pydb_new_comments (id, blog_post_id, user_id, body, created_at)
SELECT id, blog_post_id, user_id, body, created_at
FROM comments;

-- Keys of deleted rows are not given again.
DELETE FROM sqlite_sequence WHERE name = 'pydb_new_comments';

INSERT INTO sqlite_sequence (name, seq)
SELECT 'pydb_new_comments', seq FROM sqlite_sequence WHERE name = 'comments';

DROP TABLE comments;

ALTER TABLE pydb_new_comments RENAME TO comments;

CREATE INDEX comments_blog_post_id_parent_id_idx ON comments (blog_post_id, parent_id);

CREATE INDEX comments_user_id_idx ON comments (user_id);
