-- Dynamic statements with every construct that optional lines meet.  Each is one valid statement as it stands.

-- name: search :many
-- @param with_deleted bool
SELECT p.id, p.title, p.created_at
FROM posts AS p
INNER JOIN users AS u ON p.user_id = u.id -- if :author
WHERE
    p.score >= :least
    AND p.deleted_at IS NULL -- if not :with_deleted
    AND p.status IN (:statuses) -- if :statuses
    AND u.username = :author -- if :author
    AND ( -- if :search
        p.title LIKE '%' || :search || '%'
        OR p.body LIKE '%' || :search || '%'
    )
    AND (p.created_at, p.id) < (:after_at, :after_id) -- if :after_at and :after_id and :order = newest
    AND (p.created_at, p.id) > (:after_at, :after_id) -- if :after_at and :after_id and :order = oldest
ORDER BY
    p.created_at DESC, p.id DESC -- if :order = newest
    -- p.created_at, p.id -- if :order = oldest
LIMIT :limit;

-- name: patch :affected
UPDATE users
SET
    username = :username, -- if :username given
    email = :email, -- if :email given
    manager_id = :manager_id -- if :manager_id given
WHERE id = :id;

-- name: managed_by :many
SELECT id, username
FROM users
WHERE
    tenant_id = :tenant_id
    AND manager_id = :manager_id -- if :manager_id
    AND manager_id IS NULL -- if :manager_id is null
ORDER BY id;

-- name: any_of :many
SELECT id
FROM users
WHERE
    tenant_id = :tenant_id
    AND (
        FALSE
        OR username = :username -- if :username
        OR email = :email -- if :email
        OR TRUE -- if not :username and not :email
    );

-- name: add :affected
INSERT INTO users (
    id, tenant_id, username,
    email, -- if :email
    manager_id, -- if :manager_id
    role, created_at
)
VALUES (
    :id, :tenant_id, :username,
    :email, -- if :email
    :manager_id, -- if :manager_id
    :role, CURRENT_TIMESTAMP
);

-- name: put :affected
-- @param and_price bool
INSERT INTO stock (sku, place, quantity)
VALUES (:sku, :place, :quantity)
ON CONFLICT (sku) DO UPDATE SET
    place = excluded.place, -- if :move = yes
    price = NULL, -- if :and_price
    quantity = excluded.quantity
WHERE
    stock.quantity < :most
    AND stock.place <> :closed -- if :closed
;

-- name: remove :affected
DELETE FROM posts
WHERE
    user_id = :user_id
    AND status = :status -- if :status
    AND created_at < :before -- if :before
;

-- name: ranges :many
SELECT id, score
FROM posts
WHERE
    TRUE
    AND score BETWEEN :low AND :high -- if :low and :high
    AND score >= :low -- if :low and not :high
    AND score <= :high -- if :high and not :low
    AND created_at BETWEEN -- if :since and :until
    :since -- if :since and :until
    AND :until -- if :since and :until
ORDER BY id;

-- name: graded :many
SELECT
    id,
    CASE
        WHEN score > 90 THEN 'a'
        WHEN score > :pass THEN 'b' -- if :pass
        WHEN score > 10 THEN 'c' -- if not :pass
        ELSE 'd'
    END AS grade
FROM posts;

-- name: counts :many
-- @param per_user bool
-- @param per_status bool
SELECT
    u.username, -- if :per_user
    p.status, -- if :per_status
    count(*) AS n
FROM posts AS p
INNER JOIN users AS u ON p.user_id = u.id -- if :per_user
WHERE p.score >= :least
GROUP BY
    u.username, -- if :per_user
    p.status, -- if :per_status
    1 = 1
HAVING count(*) >= :many -- if :many
ORDER BY n DESC;

-- name: page :many
SELECT id, title
FROM posts
ORDER BY
    title, -- if :first = title
    title DESC, -- if :first = title_desc
    score DESC, -- if :first = score
    created_at, -- if :then = created
    id
LIMIT :limit -- if :limit
OFFSET :offset -- if :limit and :offset
;

-- name: feed :many
-- @param with_drafts bool
SELECT id, title, 'post' AS kind
FROM posts
WHERE status = 'public'
UNION ALL -- if :with_drafts
SELECT id, title, 'draft' AS kind -- if :with_drafts
FROM posts -- if :with_drafts
WHERE status = 'draft' -- if :with_drafts
ORDER BY id;

-- name: tagged :many
WITH chosen AS (
    SELECT post_id
    FROM tags
    WHERE
        TRUE
        AND name IN (:tags) -- if :tags
        AND name <> :without -- if :without
)
SELECT p.id, p.title
FROM posts AS p
WHERE
    p.id IN (SELECT post_id FROM chosen)
    AND p.score > (SELECT avg(score) FROM posts WHERE status = :status) -- if :status
ORDER BY p.id;

-- name: ranked :many
-- @param with_rank bool
SELECT
    p.id,
    row_number() OVER ( -- if :with_rank
        PARTITION BY p.user_id
        ORDER BY p.score DESC
    ) AS place,
    p.title
FROM posts AS p
ORDER BY p.id;

-- name: with_tags :many
-- @param by_tags bool
SELECT p.id, p.title
FROM posts AS p
LEFT OUTER JOIN ( -- if :by_tags
    SELECT post_id, count(*) AS n
    FROM tags
    WHERE
        TRUE
        AND name <> :without -- if :without
    GROUP BY post_id
) AS t ON t.post_id = p.id
WHERE
    p.status = :status
    AND t.n >= :least -- if :by_tags and :least
ORDER BY
    t.n DESC, -- if :by_tags
    p.id;

-- name: for_viewer :many
-- @param only_own bool
SELECT id, title
FROM posts
WHERE
    deleted_at IS NULL
    AND user_id = :viewer -- if :only_own
    AND title LIKE :pattern -- if :pattern
;

-- name: grouping :many
-- @param by_user bool
-- @param by_status bool
SELECT
    user_id, -- if :by_user
    status, -- if :by_status
    sum(score) AS total
FROM posts
GROUP BY -- if :by_user and :by_status
    user_id, status -- if :by_user and :by_status
-- GROUP BY user_id -- if :by_user and not :by_status
-- GROUP BY status -- if :by_status and not :by_user
;

-- name: latest :many
SELECT id
FROM posts
ORDER BY created_at DESC; -- if :order = newest
-- ORDER BY created_at -- if :order = oldest

-- name: reasoned :many
SELECT id
FROM posts
WHERE
    status = 'public' -- What nobody may see is never listed.
    AND user_id = :user_id -- Only one writer's. -- if :user_id
    -- The next line is switched off:
    -- -- AND score > :least -- if :least
    AND title LIKE '-- if :title' || '%'
ORDER BY
    score DESC, -- if :order = score
    id;

-- name: sub_filters :many
SELECT u.id, u.username
FROM users AS u
WHERE
    u.tenant_id = :tenant_id
    AND EXISTS ( -- if :status
        SELECT 1
        FROM posts AS p
        WHERE
            p.user_id = u.id
            AND p.status = :status
            AND p.score > :least -- if :least
    )
    AND u.role = :role -- if :role
ORDER BY u.id;

-- name: move :affected
-- @param forced bool
UPDATE stock
SET place = :place
WHERE
    sku = :sku
    AND quantity > 0 -- if not :forced
;

-- name: totals :one
-- @param with_price bool
SELECT
    count(*) AS n,
    sum(quantity) AS pieces, -- if not :with_price
    -- sum(quantity * price) AS pieces, -- if :with_price
    max(place) AS last_place
FROM stock;
