-- Departments and employees: who works in which department, with which title.

-- name: create :one DepartmentEmployee
-- Let an employee work in a department.
INSERT INTO department_employee_association (department_id, employee_id, job_title)
VALUES (:department_id, :employee_id, :job_title)
RETURNING department_id, employee_id, job_title;


-- name: upsert :one DepartmentEmployee
-- Let an employee work in a department, or give the employee another title there.
INSERT INTO department_employee_association (department_id, employee_id, job_title)
VALUES (:department_id, :employee_id, :job_title)
ON CONFLICT (department_id, employee_id) DO UPDATE
SET job_title = excluded.job_title
RETURNING department_id, employee_id, job_title;


-- name: list_all :many DepartmentEmployee
-- Every employee of every department.
SELECT department_id, employee_id, job_title
FROM department_employee_association
ORDER BY
    department_id,
    employee_id;


-- name: remove :affected
-- Let an employee leave a department; both stay.
DELETE FROM department_employee_association
WHERE
    department_id = :department_id
    AND employee_id = :employee_id;
