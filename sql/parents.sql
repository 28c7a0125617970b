-- Parents: people who have children.

-- name: create :one Parent
-- Insert a parent; the stored row is returned.
INSERT INTO parents (name)
VALUES (:name)
RETURNING id, name;


-- name: by_id :maybe Parent
-- One parent by key.
SELECT id, name
FROM parents
WHERE id = :id;


-- name: first_by_name :maybe Parent
-- The parent of this name; of several, the one with the lowest key.
SELECT id, name
FROM parents
WHERE name = :name
ORDER BY id
LIMIT 1;


-- name: first :maybe Parent
-- The parent with the lowest key.
SELECT id, name
FROM parents
ORDER BY id
LIMIT 1;


-- name: last :maybe Parent
-- The parent with the highest key.
SELECT id, name
FROM parents
ORDER BY id DESC
LIMIT 1;


-- name: list_all :many Parent
-- Every parent.
SELECT id, name
FROM parents
ORDER BY id;


-- name: of_child :many ParentOfChild
-- The parents of a child, each with the kind of parent.
-- @column kind pydb.sample.types.ParentKind
SELECT parents.id, parents.name, parent_child_association.kind
FROM parent_child_association
INNER JOIN parents ON parent_child_association.parent_id = parents.id
WHERE parent_child_association.child_id = :child_id
ORDER BY parents.id;


-- name: delete :affected
-- Delete a parent; the children stay.
DELETE FROM parents
WHERE id = :id;
