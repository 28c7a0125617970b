-- Bookkeeping.

-- name: account :maybe Account
SELECT code, name, kind, parent_code, closed_on FROM accounts WHERE code = :code;

-- name: open_account :one Account
INSERT INTO accounts (code, name, kind, parent_code) VALUES (:code, :name, :kind, :parent_code)
RETURNING code, name, kind, parent_code, closed_on;

-- name: close_account :affected
UPDATE accounts SET closed_on = :closed_on WHERE code = :code AND closed_on IS NULL;

-- name: book :one scalar
INSERT INTO journal (booked_on, text) VALUES (:booked_on, :text) RETURNING id;

-- name: add_lines :batch
INSERT INTO journal_lines (journal_id, line, account_code, debit, credit, rate, memo)
VALUES (:journal_id, :line, :account_code, :debit, :credit, :rate, :memo);

-- name: lines_of :many Line
SELECT journal_id, line, account_code, debit, credit, rate, memo FROM journal_lines WHERE journal_id = :journal_id;

-- name: balances_all :many Balance
SELECT code, name, balance, line_count FROM balances;

-- name: balance_of :one BalanceOf
SELECT COALESCE(sum(debit), 0) - COALESCE(sum(credit), 0) AS balance, max(debit) AS most
FROM journal_lines WHERE account_code = :code;

-- name: unbalanced :many Unbalanced
SELECT journal_id, sum(debit) AS debit, sum(credit) AS credit FROM journal_lines
GROUP BY journal_id HAVING sum(debit) <> sum(credit);

-- name: per_kind :many PerKind
SELECT a.kind, count(*) AS n, sum(l.debit) AS debit, avg(l.debit) AS mean, min(l.debit) AS least
FROM accounts AS a INNER JOIN journal_lines AS l ON l.account_code = a.code
GROUP BY a.kind ORDER BY a.kind;

-- name: converted :many Converted
SELECT journal_id, line, debit * rate AS foreign_debit, debit / 3 AS third, debit * 2 AS twice FROM journal_lines;

-- name: with_rate :many WithRate
SELECT journal_id, line, debit * :rate AS converted FROM journal_lines;

-- name: budget_left :many BudgetLeft
SELECT b.account_code, b.year_, b.amount - COALESCE(s.spent, 0) AS remains, b.amount * b.factor AS weighted
FROM budgets AS b
LEFT JOIN (
    SELECT l.account_code, sum(l.debit) AS spent FROM journal_lines AS l GROUP BY l.account_code
) AS s ON s.account_code = b.account_code
WHERE b.year_ = :year;

-- name: set_budget :one Budget
INSERT INTO budgets (account_code, year_, amount) VALUES (:code, :year, :amount)
ON CONFLICT (account_code, year_) DO UPDATE SET amount = excluded.amount
RETURNING account_code, year_, amount, factor;

-- name: running :many Running
SELECT l.journal_id, l.line, sum(l.debit - l.credit) OVER (PARTITION BY l.account_code ORDER BY l.journal_id, l.line) AS balance
FROM journal_lines AS l;

-- name: tree :many TreeNode
WITH RECURSIVE t AS (
    SELECT a.code, a.parent_code, 0 AS depth FROM accounts AS a WHERE a.parent_code IS NULL
    UNION ALL
    SELECT c.code, c.parent_code, t.depth + 1 FROM accounts AS c INNER JOIN t ON t.code = c.parent_code
)
SELECT code, parent_code, depth FROM t ORDER BY depth, code;

-- name: reversals :many Reversal
SELECT j.id, r.id AS reversal_id, r.text, r.booked_on FROM journal AS j
LEFT JOIN journal AS r ON r.reversed_id = j.id WHERE j.booked_on BETWEEN :first AND :last;

-- name: negative :many Negative
SELECT journal_id, line, -debit AS minus, abs(credit) AS size, round(debit, 1) AS rounded FROM journal_lines;

-- name: greater_than_all :many AccountCode
SELECT code FROM balances WHERE balance > (SELECT max(amount) FROM budgets);

-- name: shares :many Share
SELECT account_code, amount, amount / NULLIF(sum(amount) OVER (), 0) AS share FROM budgets;

-- name: bump :affected
UPDATE budgets SET amount = amount + :more, factor = factor * :times WHERE year_ = :year;

-- name: months :many BookedOn
SELECT DISTINCT booked_on FROM journal ORDER BY booked_on;

-- name: first_and_last :one FirstLast
SELECT min(booked_on) AS first_on, max(booked_on) AS last_on, count(DISTINCT text) AS texts FROM journal;
