-- Invoices: the form that must differ on MariaDB.

-- name: monthly_revenue :many MonthlyRevenue
SELECT
    date_format(InvoiceDate, '%Y-%m') AS month,
    count(*) AS invoices,
    round(sum(Total), 2) AS revenue
FROM Invoice
WHERE InvoiceDate >= :since AND InvoiceDate < :until
GROUP BY date_format(InvoiceDate, '%Y-%m')
ORDER BY month;
