-- Customers, employees and invoices of Chinook, in the names of PostgreSQL.

-- name: customer :maybe Contact
SELECT customer_id AS customer_id, first_name AS first_name, last_name AS last_name, company AS company, email AS email
FROM customer
WHERE customer_id = :customer_id;

-- name: by_country :many CountrySales
SELECT billing_country AS country, count(*) AS invoices, sum(total) AS total
FROM invoice
WHERE billing_country IS NOT NULL
GROUP BY billing_country
ORDER BY billing_country;

-- name: revenue :one scalar
SELECT coalesce(sum(total), 0) AS revenue
FROM invoice;

-- name: latest_invoice :one scalar
SELECT max(invoice_date) AS latest
FROM invoice;

-- name: running_total :many RunningTotal
SELECT
    invoice_id AS invoice_id,
    total AS total,
    rank() OVER (ORDER BY total DESC) AS place,
    count(*) OVER (ORDER BY invoice_id) AS so_far
FROM invoice
WHERE customer_id = :customer_id
ORDER BY invoice_id;

-- name: support_of :many Support
SELECT customer.customer_id AS customer_id, customer.last_name AS customer, employee.last_name AS employee
FROM customer
LEFT JOIN employee ON customer.support_rep_id = employee.employee_id
ORDER BY customer.customer_id;

-- name: hierarchy :many InHierarchy
WITH RECURSIVE chain (employee_id, last_name, reports_to, depth) AS (
    SELECT employee_id, last_name, reports_to, 0
    FROM employee
    WHERE reports_to IS NULL
    UNION ALL
    SELECT employee.employee_id, employee.last_name, employee.reports_to, chain.depth + 1
    FROM employee
    INNER JOIN chain ON employee.reports_to = chain.employee_id
)

SELECT employee_id, last_name, reports_to, depth
FROM chain
ORDER BY depth, employee_id;

-- name: above :many Above
WITH RECURSIVE line (employee_id, last_name, reports_to, steps) AS (
    SELECT employee_id, last_name, reports_to, 0
    FROM employee
    WHERE employee_id = :employee_id
    UNION ALL
    SELECT employee.employee_id, employee.last_name, employee.reports_to, line.steps + 1
    FROM line
    INNER JOIN employee ON line.reports_to = employee.employee_id
)

SELECT employee_id, last_name, steps
FROM line
ORDER BY steps;

-- name: sold_by_employee :many EmployeeSales
SELECT employee.employee_id AS employee_id, employee.last_name AS employee, count(invoice.invoice_id) AS invoices
FROM employee
LEFT JOIN customer ON employee.employee_id = customer.support_rep_id
LEFT JOIN invoice ON customer.customer_id = invoice.customer_id
GROUP BY employee.employee_id, employee.last_name
ORDER BY employee.employee_id;

-- name: average_by_city :many CitySales
SELECT billing_city AS city, avg(total) AS average, min(total) AS least, max(total) AS most
FROM invoice
GROUP BY billing_city
ORDER BY billing_city;

-- name: best_customer :maybe BestCustomer
SELECT customer.customer_id AS customer_id, customer.last_name AS last_name, sum(invoice.total) AS spent
FROM customer
INNER JOIN invoice ON customer.customer_id = invoice.customer_id
GROUP BY customer.customer_id, customer.last_name
ORDER BY spent DESC, customer.customer_id
LIMIT 1;

-- name: sizes :many Size
SELECT CASE WHEN total >= :large THEN 'large' WHEN total >= :middle THEN 'middle' ELSE 'small' END AS size, count(*) AS invoices
FROM invoice
GROUP BY CASE WHEN total >= :large THEN 'large' WHEN total >= :middle THEN 'middle' ELSE 'small' END
ORDER BY size;

-- name: move :affected
UPDATE customer
SET city = :city, country = :country
WHERE customer_id = :customer_id;

-- name: forget :affected
DELETE FROM invoice_line
WHERE invoice_id = :invoice_id;

-- name: add_genre :one Genre
INSERT INTO genre (genre_id, name)
VALUES (:genre_id, :name)
RETURNING genre_id AS genre_id, name AS name;
