-- name: create :one OddName
-- Parameters with the names of types, functions and variables.
INSERT INTO odd_names (date, list, bool, type, str)
VALUES (:date, :list, :bool, :type, :str)
RETURNING id, date, list, bool, type, str;


-- name: list :many OddName
-- A function that is named like a type.
SELECT id, date, list, bool, type, str FROM odd_names ORDER BY id;


-- name: int :one scalar
-- Another one.
SELECT count(*) AS odd_names FROM odd_names;


-- name: queries :many scalar
-- A function that is named like what holds the statements.
SELECT str FROM odd_names ORDER BY id;


-- name: update :affected
-- Parameters that are named like what a method might use.
UPDATE odd_names SET type = :count, str = :row WHERE id = :id AND list <> :queries;
