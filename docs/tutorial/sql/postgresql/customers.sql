-- Customers: the forms for PostgreSQL, whose script names everything in lower case.

-- name: by_email :maybe Customer
SELECT customer_id, first_name, last_name, company, country
FROM customer
WHERE email = :email;
