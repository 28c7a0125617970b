-- Tags: words that describe posts.

-- name: create :one Tag
-- Insert a tag; an existing name is refused.
INSERT INTO tags (name)
VALUES (:name)
RETURNING id, name;


-- name: get_or_create :one Tag
-- The tag of this name, inserted unless it exists.
INSERT INTO tags (name)
VALUES (:name)
ON CONFLICT (name) DO UPDATE
-- This changes nothing, but only a written row is returned: DO NOTHING would return none.
SET name = excluded.name
RETURNING id, name;


-- name: create_many :batch Tag
-- Insert many tags in few round trips; the rows are returned in the order given.
INSERT INTO tags (name)
VALUES (:name)
RETURNING id, name;


-- name: by_id :maybe Tag
-- One tag by key.
SELECT id, name
FROM tags
WHERE id = :id;


-- name: by_name :maybe Tag
-- One tag by name.
SELECT id, name
FROM tags
WHERE name = :name;


-- name: list_all :many Tag
-- Every tag, by name.
SELECT id, name
FROM tags
ORDER BY name;


-- name: of_post :many Tag
-- The tags of a post, by name.
SELECT tags.id, tags.name
FROM blog_post_tag_association
INNER JOIN tags ON blog_post_tag_association.tag_id = tags.id
WHERE blog_post_tag_association.blog_post_id = :blog_post_id
ORDER BY tags.name;


-- name: delete :affected
-- Delete a tag; its posts stay.
DELETE FROM tags
WHERE id = :id;
