-- Reports that PostgreSQL alone can make.

-- name: rollup :many RollupRow
SELECT a.kind, l.account_code, sum(l.debit) AS debit, GROUPING(a.kind) AS level
FROM journal_lines AS l INNER JOIN accounts AS a ON a.code = l.account_code
GROUP BY ROLLUP (a.kind, l.account_code) ORDER BY 1, 2;

-- name: merge_budget :affected
MERGE INTO budgets AS b
USING (VALUES (CAST(:code AS text), CAST(:year AS integer), CAST(:amount AS numeric))) AS v (code, y, amount)
ON b.account_code = v.code AND b.year_ = v.y
WHEN MATCHED THEN UPDATE SET amount = v.amount
WHEN NOT MATCHED THEN INSERT (account_code, year_, amount) VALUES (v.code, v.y, v.amount);

-- name: by_month :many ByMonth
SELECT date_trunc('month', booked_on) AS month, count(*) AS n, EXTRACT(YEAR FROM booked_on) AS year
FROM journal GROUP BY 1, 3;

-- name: median :one Median
SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY debit) AS half, array_agg(DISTINCT account_code) AS codes
FROM journal_lines;
