-- Activities that students take part in.

-- name: create :one Activity
-- Insert an activity; an existing name is refused.
INSERT INTO activities (name)
VALUES (:name)
RETURNING id, name;


-- name: get_or_create :one Activity
-- The activity of this name, inserted unless it exists.
INSERT INTO activities (name)
VALUES (:name)
ON CONFLICT (name) DO UPDATE
-- This changes nothing, but only a written row is returned.
SET name = excluded.name
RETURNING id, name;


-- name: by_id :maybe Activity
-- One activity by key.
SELECT id, name
FROM activities
WHERE id = :id;


-- name: list_all :many Activity
-- Every activity, by name.
SELECT id, name
FROM activities
ORDER BY name;


-- name: current_of_student :many ActivityOfStudent
-- The activities that a student takes part in now, the longest first.
SELECT activities.id, activities.name, enrollments.start_date, enrollments.end_date
FROM enrollments
INNER JOIN activities ON enrollments.activity_id = activities.id
WHERE
    enrollments.student_id = :student_id
    AND enrollments.end_date IS NULL
ORDER BY
    enrollments.start_date,
    activities.id;


-- name: past_of_student :many ActivityOfStudent
-- The activities that a student has left, the latest first.
SELECT activities.id, activities.name, enrollments.start_date, enrollments.end_date
FROM enrollments
INNER JOIN activities ON enrollments.activity_id = activities.id
WHERE
    enrollments.student_id = :student_id
    AND enrollments.end_date IS NOT NULL
ORDER BY
    enrollments.end_date DESC,
    activities.id;


-- name: delete :affected
-- Delete an activity without enrollments; any other is refused by enrollments_activity_id_fkey.
DELETE FROM activities
WHERE id = :id;
