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


-- name: classmethod :one OddName
-- A factory that is named like what makes it one.
INSERT INTO odd_names (date, list, bool, str)
VALUES (:date, :list, :bool, :str)
RETURNING id, date, list, bool, type, str;


-- name: zeroth :one OddName
-- A factory behind that one.
INSERT INTO odd_names (date, list, bool, str)
VALUES (:date, :list, :bool, :str)
RETURNING id, date, list, bool, type, str;


-- name: insert_many :batch
-- Sets with the names of types.
INSERT INTO odd_names (date, list, bool, type, str)
VALUES (:date, :list, :bool, :type, :str);


-- name: replace_days :batch
-- A set in which a name comes before its type is used again.
UPDATE odd_names SET date = :date, str = :str, type = :type WHERE date = :old_date AND str = :old_str;


-- name: sets :batch
-- A batch that is named like its parameter.
UPDATE odd_names SET date = :date WHERE id = :id;


-- name: conn :affected
-- A function that is named like its parameter.
DELETE FROM odd_names WHERE id = :id AND str = :match;
