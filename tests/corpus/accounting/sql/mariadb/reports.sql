-- Reports that MariaDB alone can make.

-- name: rollup_total :many RollupTotal
SELECT account_code, sum(debit) AS debit FROM journal_lines GROUP BY account_code WITH ROLLUP;

-- name: per_month :many PerMonth
SELECT date_format(booked_on, '%Y-%m') AS month, count(*) AS n, last_day(max(booked_on)) AS ends FROM journal GROUP BY 1;
