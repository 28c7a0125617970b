-- Visits: who came when.

-- name: create :one Visit
-- Note a visit.
INSERT INTO visits (customer_id, day, note) VALUES (:customer_id, :day, :note) RETURNING customer_id, day, note;


-- name: annotate :maybe Visit
-- Change the note of a visit.
UPDATE visits SET note = :note WHERE customer_id = :customer_id AND day = :day RETURNING customer_id, day, note;


-- name: forget_the_one_visit_on_a_day :affected
-- Forget a visit; the method needs brackets.
DELETE FROM visits WHERE customer_id = :customer_id AND day = :day;


-- name: clear_notes_of_day :affected
-- Not the whole key: no method.
UPDATE visits SET note = NULL WHERE day = :day;
