-- Students of the school.

-- name: create :one Student
-- Insert a student; the stored row is returned.
INSERT INTO students (name)
VALUES (:name)
RETURNING id, name;


-- name: by_id :maybe Student
-- One student by key.
SELECT id, name
FROM students
WHERE id = :id;


-- name: first_by_name :maybe Student
-- The student of this name; of several, the one with the lowest key.
SELECT id, name
FROM students
WHERE name = :name
ORDER BY id
LIMIT 1;


-- name: list_all :many Student
-- Every student, in the order of insertion.
SELECT id, name
FROM students
ORDER BY id;


-- name: in_activity :many Student
-- The students who take part in an activity now.
SELECT students.id, students.name
FROM enrollments
INNER JOIN students ON enrollments.student_id = students.id
WHERE
    enrollments.activity_id = :activity_id
    AND enrollments.end_date IS NULL
ORDER BY students.id;


-- name: delete :affected
-- Delete a student with all enrollments.
DELETE FROM students
WHERE id = :id;
