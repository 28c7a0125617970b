-- MariaDB's own forms.

-- name: set_budget :one Budget
INSERT INTO budgets (account_code, year_, amount) VALUES (:code, :year, :amount)
ON DUPLICATE KEY UPDATE amount = VALUES(amount)
RETURNING account_code, year_, amount, factor;
