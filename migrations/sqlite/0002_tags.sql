-- Posts have tags.

CREATE TABLE tags (
    id integer NOT NULL CONSTRAINT tags_pkey PRIMARY KEY AUTOINCREMENT,
    name text NOT NULL,
    -- For tags.get_or_create and tags.by_name.
    CONSTRAINT tags_name_key UNIQUE (name),
    CONSTRAINT tags_name_check CHECK (length(name) BETWEEN 1 AND 50)
);

CREATE TABLE blog_post_tag_association (
    blog_post_id integer NOT NULL,
    tag_id integer NOT NULL,
    CONSTRAINT blog_post_tag_association_pkey PRIMARY KEY (blog_post_id, tag_id),
    CONSTRAINT blog_post_tag_association_blog_post_id_fkey
    FOREIGN KEY (blog_post_id) REFERENCES blog_posts (id) ON DELETE CASCADE,
    CONSTRAINT blog_post_tag_association_tag_id_fkey
    FOREIGN KEY (tag_id) REFERENCES tags (id) ON DELETE CASCADE
) WITHOUT ROWID;

-- For blog_posts.tagged and the cascade from tags.
CREATE INDEX blog_post_tag_association_tag_id_idx ON blog_post_tag_association (tag_id);
