-- Cars in the garage.

-- name: create :one Car
-- Insert a car; the stored row is returned.
INSERT INTO cars (brand, model)
VALUES (:brand, :model)
RETURNING id, brand, model;


-- name: by_id :maybe Car
-- One car by key.
SELECT id, brand, model
FROM cars
WHERE id = :id;


-- name: list_all :many Car
-- Every car, in the order of insertion.
SELECT id, brand, model
FROM cars
ORDER BY id;


-- name: of_brand :many Car
-- The cars of a brand.
SELECT id, brand, model
FROM cars
WHERE brand = :brand
ORDER BY id;


-- name: first_of_brand :maybe Car
-- The first car of a brand.
SELECT id, brand, model
FROM cars
WHERE brand = :brand
ORDER BY id
LIMIT 1;


-- name: rename_model :maybe Car
-- Give a car another model.
UPDATE cars
SET model = :model
WHERE id = :id
RETURNING id, brand, model;


-- name: delete :affected
-- Delete a car.
DELETE FROM cars
WHERE id = :id;
