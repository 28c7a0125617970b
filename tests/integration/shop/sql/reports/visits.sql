-- name: by_month :many VisitMonth
-- How many came each month.
SELECT substr(CAST(day AS text), 1, 7) AS month, count(*) AS visits
FROM visits
GROUP BY substr(CAST(day AS text), 1, 7)
ORDER BY 1;
