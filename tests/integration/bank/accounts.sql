-- Accounts: who has how much.

-- name: create :exec
-- Open an account.
INSERT INTO accounts (id, owner, balance)
VALUES (:id, :owner, :balance);


-- name: by_id :one Account
-- One account by key.
SELECT id, owner, balance
FROM accounts
WHERE id = :id;


-- name: richer_than :one Account
-- The one account with more than this.
SELECT id, owner, balance
FROM accounts
WHERE balance > :balance;


-- name: balance :one scalar
-- What an account holds.
SELECT balance FROM accounts WHERE id = :id;


-- name: set_balance :affected
-- Overwrite what an account holds.
UPDATE accounts
SET balance = :balance
WHERE id = :id;


-- name: deposit :affected
-- Add to an account; a negative amount takes away.
UPDATE accounts
SET balance = balance + :amount
WHERE id = :id;


-- name: close_richer_than :one Account
-- Close the one account with more than this.
DELETE FROM accounts
WHERE balance > :balance
RETURNING id, owner, balance;


-- name: close_as_date :one scalar
-- Close the one account with more than this; its owner is no date.
-- @column owner date
DELETE FROM accounts
WHERE balance > :balance
RETURNING owner;


-- name: count :one scalar
-- How many accounts there are.
SELECT count(*) FROM accounts;


-- name: total :one scalar
-- What all accounts hold together.
SELECT CAST(sum(balance) AS decimal(10, 0)) AS total FROM accounts;


-- name: spend :batch Account
-- Take from many accounts; MariaDB has no UPDATE … RETURNING.
UPDATE accounts
SET balance = balance - :amount
WHERE id = :id
RETURNING id, owner, balance;
