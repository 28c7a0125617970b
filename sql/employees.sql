-- Employees of the company.

-- name: create :one Employee
-- Insert an employee who is hired today.
INSERT INTO employees (name)
VALUES (:name)
RETURNING id, name, hired_on;


-- name: create_hired_on :one Employee
-- Insert an employee who was hired on a day.
INSERT INTO employees (name, hired_on)
VALUES (:name, :hired_on)
RETURNING id, name, hired_on;


-- name: by_id :maybe Employee
-- One employee by key.
SELECT id, name, hired_on
FROM employees
WHERE id = :id;


-- name: first_by_name :maybe Employee
-- The employee of this name; of several, the one with the lowest key.
SELECT id, name, hired_on
FROM employees
WHERE name = :name
ORDER BY id
LIMIT 1;


-- name: list_all :many Employee
-- Every employee, in the order they were hired.
SELECT id, name, hired_on
FROM employees
ORDER BY
    hired_on,
    id;


-- name: of_department :many EmployeeOfDepartment
-- The employees of a department, with what each does there.
SELECT employees.id, employees.name, employees.hired_on, department_employee_association.job_title
FROM department_employee_association
INNER JOIN employees ON department_employee_association.employee_id = employees.id
WHERE department_employee_association.department_id = :department_id
ORDER BY employees.id;


-- name: delete :affected
-- Delete an employee; the departments stay.
DELETE FROM employees
WHERE id = :id;
