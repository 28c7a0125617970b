-- Double-entry accounts: a journal, its lines, and what budgets allow.

CREATE TABLE accounts (
    code text NOT NULL PRIMARY KEY,
    name text NOT NULL,
    kind text NOT NULL CHECK (kind IN ('asset', 'debt', 'income', 'cost')),
    parent_code text REFERENCES accounts (code),
    closed_on date
);

CREATE TABLE journal (
    id integer PRIMARY KEY,
    booked_on date NOT NULL,
    text text NOT NULL,
    reversed_id integer REFERENCES journal (id),
    entered_at timestamptz NOT NULL DEFAULT CURRENT_TIMESTAMP
);

CREATE TABLE journal_lines (
    journal_id integer NOT NULL REFERENCES journal (id),
    line smallint NOT NULL,
    account_code text NOT NULL REFERENCES accounts (code),
    debit decimal(14, 2) NOT NULL DEFAULT 0,
    credit decimal(14, 2) NOT NULL DEFAULT 0,
    rate decimal(12, 6),
    memo text,
    PRIMARY KEY (journal_id, line)
);

CREATE TABLE budgets (
    account_code text NOT NULL REFERENCES accounts (code),
    year_ integer NOT NULL,
    amount decimal(14, 2),
    factor double precision NOT NULL DEFAULT 1,
    PRIMARY KEY (account_code, year_)
);

CREATE VIEW balances AS
SELECT a.code, a.name, sum(l.debit - l.credit) AS balance, count(l.line) AS line_count
FROM accounts AS a LEFT JOIN journal_lines AS l ON l.account_code = a.code
GROUP BY a.code, a.name;
