-- Invoices: the forms for PostgreSQL, whose script names everything in lower case.

-- name: of_customer :many InvoiceWithLine
SELECT
    invoice.invoice_id, invoice.invoice_date, invoice.total,
    track.name AS track,
    invoice_line.unit_price, invoice_line.quantity
FROM invoice
INNER JOIN invoice_line ON invoice.invoice_id = invoice_line.invoice_id
INNER JOIN track ON invoice_line.track_id = track.track_id
WHERE invoice.customer_id = :customer_id
ORDER BY
    invoice.invoice_date DESC,
    invoice.invoice_id DESC,
    invoice_line.invoice_line_id;


-- name: monthly_revenue :many MonthlyRevenue
SELECT
    to_char(invoice_date, 'YYYY-MM') AS month,
    count(*) AS invoices,
    round(sum(total), 2) AS revenue
FROM invoice
WHERE invoice_date >= :since AND invoice_date < :until
GROUP BY to_char(invoice_date, 'YYYY-MM')
ORDER BY month;


-- name: count_all :one scalar
SELECT count(*) AS invoices
FROM invoice;


-- name: create :one Invoice
INSERT INTO invoice (
    invoice_id, customer_id, invoice_date, billing_address, billing_city, billing_state,
    billing_country, billing_postal_code, total
)
SELECT
    -- The script gives the table no identity column.
    (SELECT coalesce(max(invoice.invoice_id), 0) + 1 FROM invoice),
    customer_id,
    :invoice_date,
    address, city, state, country, postal_code,
    0
FROM customer
WHERE customer_id = :customer_id
RETURNING invoice_id, customer_id, invoice_date, billing_country, total;


-- name: add_track :exec
INSERT INTO invoice_line (invoice_line_id, invoice_id, track_id, unit_price, quantity)
SELECT
    (SELECT coalesce(max(invoice_line.invoice_line_id), 0) + 1 FROM invoice_line),
    :invoice_id,
    track_id, unit_price,
    :quantity
FROM track
WHERE track_id = :track_id;


-- name: settle :affected
UPDATE invoice
SET
    total = (
        SELECT round(coalesce(sum(invoice_line.unit_price * invoice_line.quantity), 0), 2)
        FROM invoice_line
        WHERE invoice_line.invoice_id = invoice.invoice_id
    )
WHERE invoice_id = :invoice_id;


-- name: by_id :maybe Invoice
SELECT invoice_id, customer_id, invoice_date, billing_country, total
FROM invoice
WHERE invoice_id = :invoice_id;
