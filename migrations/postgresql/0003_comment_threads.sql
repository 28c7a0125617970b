-- A comment may answer another one under the same post.

ALTER TABLE comments ADD COLUMN parent_id bigint NULL;

-- For comments.of_post, and as the target of comments_parent_id_fkey.
-- pydb: accept disallowed-unique-constraint: comments are few, and are not written at night
-- pydb: accept constraint-missing-not-valid: comments are few, and are not written at night
ALTER TABLE comments ADD CONSTRAINT comments_blog_post_id_id_key UNIQUE (blog_post_id, id);

-- Both columns: an answer belongs to the same post as the comment that it answers.
-- pydb: accept adding-foreign-key-constraint: no comment is an answer yet, so that there is nothing to look up
-- pydb: accept constraint-missing-not-valid: no comment is an answer yet, so that there is nothing to look up
ALTER TABLE comments ADD CONSTRAINT comments_parent_id_fkey
FOREIGN KEY (blog_post_id, parent_id) REFERENCES comments (blog_post_id, id) ON DELETE CASCADE;

-- For comments.thread and the cascades from blog_posts and comments.
-- pydb: accept require-concurrent-index-creation: comments are few, and are not written at night
CREATE INDEX comments_blog_post_id_parent_id_idx ON comments (blog_post_id, parent_id);

-- The new index begins with the same column.
-- pydb: accept require-concurrent-index-deletion: no statement takes long that uses it
DROP INDEX comments_blog_post_id_idx;
