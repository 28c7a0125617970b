-- Parents and children: which parent a child has, and of which kind.

-- name: create :one ParentChild
-- Link a parent to a child.
-- @param kind pydb.sample.types.ParentKind
-- @column kind pydb.sample.types.ParentKind
INSERT INTO parent_child_association (parent_id, child_id, kind)
VALUES (:parent_id, :child_id, :kind)
RETURNING parent_id, child_id, kind;


-- name: upsert :one ParentChild
-- Link a parent to a child, or correct the kind of the link.
-- @param kind pydb.sample.types.ParentKind
INSERT INTO parent_child_association (parent_id, child_id, kind)
VALUES (:parent_id, :child_id, :kind)
ON CONFLICT (parent_id, child_id) DO UPDATE
SET kind = excluded.kind
RETURNING parent_id, child_id, kind;


-- name: list_all :many ParentChild
-- Every parent of every child.
SELECT parent_id, child_id, kind
FROM parent_child_association
ORDER BY
    parent_id,
    child_id;


-- name: remove :affected
-- Remove the link between a parent and a child; both stay.
DELETE FROM parent_child_association
WHERE
    parent_id = :parent_id
    AND child_id = :child_id;
