-- Children: people who have parents.

-- name: create :one Child
-- Insert a child; the stored row is returned.
INSERT INTO children (name)
VALUES (:name)
RETURNING id, name;


-- name: by_id :maybe Child
-- One child by key.
SELECT id, name
FROM children
WHERE id = :id;


-- name: first_by_name :maybe Child
-- The child of this name; of several, the one with the lowest key.
SELECT id, name
FROM children
WHERE name = :name
ORDER BY id
LIMIT 1;


-- name: first :maybe Child
-- The child with the lowest key.
SELECT id, name
FROM children
ORDER BY id
LIMIT 1;


-- name: last :maybe Child
-- The child with the highest key.
SELECT id, name
FROM children
ORDER BY id DESC
LIMIT 1;


-- name: list_all :many Child
-- Every child.
SELECT id, name
FROM children
ORDER BY id;


-- name: of_parent :many ChildOfParent
-- The children of a parent, each with the kind of parent that the parent is.
-- @column kind pydb.sample.types.ParentKind
SELECT children.id, children.name, parent_child_association.kind
FROM parent_child_association
INNER JOIN children ON parent_child_association.child_id = children.id
WHERE parent_child_association.parent_id = :parent_id
ORDER BY children.id;


-- name: delete :affected
-- Delete a child; the parents stay.
DELETE FROM children
WHERE id = :id;
