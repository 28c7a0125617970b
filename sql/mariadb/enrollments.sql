-- Enrollments: the forms for MariaDB.  users.sql in this folder explains why an update is written as an INSERT.

-- name: upsert :one Enrollment
INSERT INTO enrollments (student_id, activity_id, start_date, end_date)
VALUES (:student_id, :activity_id, :start_date, :end_date)
ON DUPLICATE KEY UPDATE
    start_date = VALUES(start_date),
    end_date = VALUES(end_date)
RETURNING student_id, activity_id, start_date, end_date;


-- name: finish :maybe Enrollment
INSERT INTO enrollments (student_id, activity_id, start_date)
SELECT student_id, activity_id, start_date
FROM enrollments AS old
WHERE
    student_id = :student_id
    AND activity_id = :activity_id
FOR UPDATE
ON DUPLICATE KEY UPDATE end_date = :end_date
RETURNING student_id, activity_id, start_date, end_date;
