-- A comment may answer another one under the same post.

ALTER TABLE comments ADD COLUMN parent_id bigint NULL;

-- For comments.of_post, and as the target of comments_parent_id_fkey.
ALTER TABLE comments ADD CONSTRAINT comments_blog_post_id_id_key UNIQUE (blog_post_id, id);

-- For comments.thread and the cascades from blog_posts and comments.
CREATE INDEX comments_blog_post_id_parent_id_idx ON comments (blog_post_id, parent_id);

-- The new index begins with the same column.
DROP INDEX comments_blog_post_id_idx ON comments;

-- Both columns: an answer belongs to the same post as the comment that it answers.
ALTER TABLE comments ADD CONSTRAINT comments_parent_id_fkey
FOREIGN KEY (blog_post_id, parent_id) REFERENCES comments (blog_post_id, id) ON DELETE CASCADE;
