-- Customers: who buys.

-- name: by_email :maybe Customer
-- One customer by email.
SELECT
    CustomerId AS customer_id,
    FirstName AS first_name,
    LastName AS last_name,
    Company AS company,
    Country AS country
FROM Customer
WHERE Email = :email;
