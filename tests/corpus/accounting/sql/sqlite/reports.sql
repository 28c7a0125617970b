-- Reports that SQLite alone can make.

-- name: per_month_text :many PerMonthText
SELECT strftime('%Y-%m', booked_on) AS month, count(*) AS n, total(l.debit) AS debit
FROM journal AS j LEFT JOIN journal_lines AS l ON l.journal_id = j.id GROUP BY 1;
