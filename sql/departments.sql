-- Departments of the company.

-- name: create :one Department
-- Insert a department; an existing name is refused.
INSERT INTO departments (name)
VALUES (:name)
RETURNING id, name;


-- name: get_or_create :one Department
-- The department of this name, inserted unless it exists.
INSERT INTO departments (name)
VALUES (:name)
ON CONFLICT (name) DO UPDATE
-- This changes nothing, but only a written row is returned.
SET name = excluded.name
RETURNING id, name;


-- name: by_id :maybe Department
-- One department by key.
SELECT id, name
FROM departments
WHERE id = :id;


-- name: list_all :many Department
-- Every department, by name.
SELECT id, name
FROM departments
ORDER BY name;


-- name: of_employee :many DepartmentOfEmployee
-- The departments that an employee works in, with what the employee does there.
SELECT departments.id, departments.name, department_employee_association.job_title
FROM department_employee_association
INNER JOIN departments ON department_employee_association.department_id = departments.id
WHERE department_employee_association.employee_id = :employee_id
ORDER BY departments.name;


-- name: with_employees :many DepartmentWithEmployees
-- Every department with its employees, and what each does there.
-- @group employees EmployeeOfDepartment
SELECT
    departments.id, departments.name,
    employees.id AS employees__id,
    employees.name AS employees__name,
    employees.hired_on AS employees__hired_on,
    department_employee_association.job_title AS employees__job_title
FROM departments
LEFT OUTER JOIN department_employee_association
    ON departments.id = department_employee_association.department_id
LEFT OUTER JOIN employees ON department_employee_association.employee_id = employees.id
ORDER BY
    departments.name,
    departments.id,
    employees.id;


-- name: delete :affected
-- Delete a department; its employees stay.
DELETE FROM departments
WHERE id = :id;
