-- Reports on the stock.

-- name: running_value :many StockValue
-- What the stock of each product is worth, and of all products up to it, by sku.
SELECT
    id, sku,
    -- Rounded because SQLite adds binary fractions.
    round(price * stock, 2) AS stock_value,
    round(sum(price * stock) OVER (ORDER BY sku ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW), 2) AS running_value
FROM products
ORDER BY sku;


-- name: by_month :many StockMonth
-- For each month (UTC): how many products were inserted, how many of them are still sold, and their worth.
WITH product (month, active, stock_value) AS (
    SELECT
        -- YYYY-MM of an instant, alike on all engines in a session whose time zone is UTC.
        substr(CAST(created_at AS varchar(40)), 1, 7),
        active,
        price * stock
    FROM products
)

SELECT
    month,
    count(*) AS products,
    -- CASE, because MariaDB does not know FILTER.
    count(CASE WHEN active THEN 1 END) AS still_sold,
    round(sum(stock_value), 2) AS stock_value
FROM product
GROUP BY month
ORDER BY month;
