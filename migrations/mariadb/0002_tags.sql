-- Posts have tags.

CREATE TABLE tags (
    id bigint NOT NULL AUTO_INCREMENT,
    name varchar(255) NOT NULL,
    CONSTRAINT tags_pkey PRIMARY KEY (id),
    -- For tags.get_or_create and tags.by_name.
    CONSTRAINT tags_name_key UNIQUE (name),
    CONSTRAINT tags_name_check CHECK (char_length(name) BETWEEN 1 AND 50)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin;

CREATE TABLE blog_post_tag_association (
    blog_post_id bigint NOT NULL,
    tag_id bigint NOT NULL,
    CONSTRAINT blog_post_tag_association_pkey PRIMARY KEY (blog_post_id, tag_id),
    CONSTRAINT blog_post_tag_association_blog_post_id_fkey
    FOREIGN KEY (blog_post_id) REFERENCES blog_posts (id) ON DELETE CASCADE,
    CONSTRAINT blog_post_tag_association_tag_id_fkey
    FOREIGN KEY (tag_id) REFERENCES tags (id) ON DELETE CASCADE
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin;

-- For blog_posts.tagged and the cascade from tags.
CREATE INDEX blog_post_tag_association_tag_id_idx ON blog_post_tag_association (tag_id);
