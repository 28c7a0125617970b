-- Customers, employees and invoices of Chinook, in the names of SQLite and MySQL.

-- name: customer :maybe Contact
SELECT CustomerId AS customer_id, FirstName AS first_name, LastName AS last_name, Company AS company, Email AS email
FROM Customer
WHERE CustomerId = :customer_id;

-- name: by_country :many CountrySales
-- @column total Decimal
SELECT BillingCountry AS country, count(*) AS invoices, sum(Total) AS total
FROM Invoice
WHERE BillingCountry IS NOT NULL
GROUP BY BillingCountry
ORDER BY BillingCountry;

-- name: revenue :one scalar
-- @column revenue Decimal
SELECT coalesce(sum(Total), 0) AS revenue
FROM Invoice;

-- name: latest_invoice :one scalar
-- @column latest datetime?
SELECT max(InvoiceDate) AS latest
FROM Invoice;

-- name: running_total :many RunningTotal
SELECT
    InvoiceId AS invoice_id,
    Total AS total,
    rank() OVER (ORDER BY Total DESC) AS place,
    count(*) OVER (ORDER BY InvoiceId) AS so_far
FROM Invoice
WHERE CustomerId = :customer_id
ORDER BY InvoiceId;

-- name: support_of :many Support
SELECT Customer.CustomerId AS customer_id, Customer.LastName AS customer, Employee.LastName AS employee
FROM Customer
LEFT JOIN Employee ON Customer.SupportRepId = Employee.EmployeeId
ORDER BY Customer.CustomerId;

-- name: hierarchy :many InHierarchy
WITH RECURSIVE chain (employee_id, last_name, reports_to, depth) AS (
    SELECT EmployeeId, LastName, ReportsTo, 0
    FROM Employee
    WHERE ReportsTo IS NULL
    UNION ALL
    SELECT Employee.EmployeeId, Employee.LastName, Employee.ReportsTo, chain.depth + 1
    FROM Employee
    INNER JOIN chain ON Employee.ReportsTo = chain.employee_id
)

SELECT employee_id, last_name, reports_to, depth
FROM chain
ORDER BY depth, employee_id;

-- name: above :many Above
WITH RECURSIVE line (employee_id, last_name, reports_to, steps) AS (
    SELECT EmployeeId, LastName, ReportsTo, 0
    FROM Employee
    WHERE EmployeeId = :employee_id
    UNION ALL
    SELECT Employee.EmployeeId, Employee.LastName, Employee.ReportsTo, line.steps + 1
    FROM line
    INNER JOIN Employee ON line.reports_to = Employee.EmployeeId
)

SELECT employee_id, last_name, steps
FROM line
ORDER BY steps;

-- name: sold_by_employee :many EmployeeSales
SELECT Employee.EmployeeId AS employee_id, Employee.LastName AS employee, count(Invoice.InvoiceId) AS invoices
FROM Employee
LEFT JOIN Customer ON Employee.EmployeeId = Customer.SupportRepId
LEFT JOIN Invoice ON Customer.CustomerId = Invoice.CustomerId
GROUP BY Employee.EmployeeId, Employee.LastName
ORDER BY Employee.EmployeeId;

-- name: average_by_city :many CitySales
-- @column average Decimal
SELECT BillingCity AS city, avg(Total) AS average, min(Total) AS least, max(Total) AS most
FROM Invoice
GROUP BY BillingCity
ORDER BY BillingCity;

-- name: best_customer :maybe BestCustomer
-- @column spent Decimal
SELECT Customer.CustomerId AS customer_id, Customer.LastName AS last_name, sum(Invoice.Total) AS spent
FROM Customer
INNER JOIN Invoice ON Customer.CustomerId = Invoice.CustomerId
GROUP BY Customer.CustomerId, Customer.LastName
ORDER BY spent DESC, Customer.CustomerId
LIMIT 1;

-- name: sizes :many Size
SELECT CASE WHEN Total >= :large THEN 'large' WHEN Total >= :middle THEN 'middle' ELSE 'small' END AS size, count(*) AS invoices
FROM Invoice
GROUP BY CASE WHEN Total >= :large THEN 'large' WHEN Total >= :middle THEN 'middle' ELSE 'small' END
ORDER BY size;

-- name: move :affected
UPDATE Customer
SET City = :city, Country = :country
WHERE CustomerId = :customer_id;

-- name: forget :affected
DELETE FROM InvoiceLine
WHERE InvoiceId = :invoice_id;

-- name: add_genre :one Genre
INSERT INTO Genre (GenreId, Name)
VALUES (:genre_id, :name)
RETURNING GenreId AS genre_id, Name AS name;
