-- Enrollments: which student takes or took part in which activity, from when to when.

-- name: create :one Enrollment
-- Enroll a student; without an end date the student takes part now.
INSERT INTO enrollments (student_id, activity_id, start_date, end_date)
VALUES (:student_id, :activity_id, :start_date, :end_date)
RETURNING student_id, activity_id, start_date, end_date;


-- name: upsert :one Enrollment
-- Enroll a student, or correct the dates of the enrollment.
INSERT INTO enrollments (student_id, activity_id, start_date, end_date)
VALUES (:student_id, :activity_id, :start_date, :end_date)
ON CONFLICT (student_id, activity_id) DO UPDATE
SET
    start_date = excluded.start_date,
    end_date = excluded.end_date
RETURNING student_id, activity_id, start_date, end_date;


-- name: by_key :maybe Enrollment
-- The enrollment of a student in an activity.
SELECT student_id, activity_id, start_date, end_date
FROM enrollments
WHERE
    student_id = :student_id
    AND activity_id = :activity_id;


-- name: list_all :many Enrollment
-- Every enrollment.
SELECT student_id, activity_id, start_date, end_date
FROM enrollments
ORDER BY
    student_id,
    activity_id;


-- name: finish :maybe Enrollment
-- Record when a student left an activity.
-- @param end_date date
UPDATE enrollments
SET end_date = :end_date
WHERE
    student_id = :student_id
    AND activity_id = :activity_id
RETURNING student_id, activity_id, start_date, end_date;


-- name: delete :affected
-- Delete an enrollment.
DELETE FROM enrollments
WHERE
    student_id = :student_id
    AND activity_id = :activity_id;
