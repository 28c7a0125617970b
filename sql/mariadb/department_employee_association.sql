-- Departments and employees: the forms for MariaDB.

-- name: upsert :one DepartmentEmployee
INSERT INTO department_employee_association (department_id, employee_id, job_title)
VALUES (:department_id, :employee_id, :job_title)
ON DUPLICATE KEY UPDATE job_title = VALUES(job_title)
RETURNING department_id, employee_id, job_title;
