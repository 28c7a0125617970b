-- Invoices: what a customer bought on one day, a line for each track.

-- name: of_customer :many InvoiceWithLine
-- A customer's invoices with their lines, the newest first: one row for each line.
SELECT
    Invoice.InvoiceId AS invoice_id,
    Invoice.InvoiceDate AS invoice_date,
    Invoice.Total AS total,
    Track.Name AS track,
    InvoiceLine.UnitPrice AS unit_price,
    InvoiceLine.Quantity AS quantity
FROM Invoice
INNER JOIN InvoiceLine ON Invoice.InvoiceId = InvoiceLine.InvoiceId
INNER JOIN Track ON InvoiceLine.TrackId = Track.TrackId
WHERE Invoice.CustomerId = :customer_id
ORDER BY
    Invoice.InvoiceDate DESC,
    Invoice.InvoiceId DESC,
    InvoiceLine.InvoiceLineId;


-- name: monthly_revenue :many MonthlyRevenue
-- The number and the sum of the invoices of each month, from one date to the day before another.
-- @param since date
-- @param until date
-- @column month str
SELECT
    strftime('%Y-%m', InvoiceDate) AS month,
    count(*) AS invoices,
    round(sum(Total), 2) AS revenue
FROM Invoice
WHERE InvoiceDate >= :since AND InvoiceDate < :until
GROUP BY strftime('%Y-%m', InvoiceDate)
ORDER BY month;


-- name: count_all :one scalar
-- The number of invoices.
SELECT count(*) AS invoices
FROM Invoice;


-- name: create :one Invoice
-- Insert an invoice without lines for a customer, billed to the customer's address.
-- @param invoice_date datetime
INSERT INTO Invoice (
    InvoiceId, CustomerId, InvoiceDate, BillingAddress, BillingCity, BillingState, BillingCountry,
    BillingPostalCode, Total
)
SELECT
    -- The script for MariaDB gives the table no AUTO_INCREMENT.  Two calls at the same time may compute the same
    -- key: the second one then raises UniqueViolation.
    (SELECT coalesce(max(Invoice.InvoiceId), 0) + 1 FROM Invoice),
    CustomerId,
    -- Without microseconds, like the other dates of the file: SQLite compares them as texts.
    substr(:invoice_date, 1, 19),
    Address, City, State, Country, PostalCode,
    0
FROM Customer
WHERE CustomerId = :customer_id
RETURNING
    InvoiceId AS invoice_id,
    CustomerId AS customer_id,
    InvoiceDate AS invoice_date,
    BillingCountry AS billing_country,
    Total AS total;


-- name: add_track :exec
-- Add a track to an invoice at the track's price.
INSERT INTO InvoiceLine (InvoiceLineId, InvoiceId, TrackId, UnitPrice, Quantity)
SELECT
    (SELECT coalesce(max(InvoiceLine.InvoiceLineId), 0) + 1 FROM InvoiceLine),
    :invoice_id,
    TrackId, UnitPrice,
    :quantity
FROM Track
WHERE TrackId = :track_id;


-- name: settle :affected
-- Set the total of an invoice to the sum of its lines.
UPDATE Invoice
SET
    Total = (
        SELECT round(coalesce(sum(InvoiceLine.UnitPrice * InvoiceLine.Quantity), 0), 2)
        FROM InvoiceLine
        WHERE InvoiceLine.InvoiceId = Invoice.InvoiceId
    )
WHERE InvoiceId = :invoice_id;


-- name: by_id :maybe Invoice
-- One invoice by key.
SELECT
    InvoiceId AS invoice_id,
    CustomerId AS customer_id,
    InvoiceDate AS invoice_date,
    BillingCountry AS billing_country,
    Total AS total
FROM Invoice
WHERE InvoiceId = :invoice_id;
