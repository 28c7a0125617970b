-- Double-entry accounts: a journal, its lines, and what budgets allow.

CREATE TABLE accounts (
    code varchar(190) NOT NULL PRIMARY KEY,
    name text NOT NULL,
    kind varchar(190) NOT NULL CHECK (kind IN ('asset', 'debt', 'income', 'cost')),
    parent_code varchar(190) REFERENCES accounts (code),
    closed_on date
);

CREATE TABLE journal (
    id integer AUTO_INCREMENT PRIMARY KEY,
    booked_on date NOT NULL,
    text text NOT NULL,
    reversed_id integer REFERENCES journal (id),
    entered_at datetime(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6)
);

CREATE TABLE journal_lines (
    journal_id integer NOT NULL REFERENCES journal (id),
    line smallint NOT NULL,
    account_code varchar(190) NOT NULL REFERENCES accounts (code),
    debit decimal(14, 2) NOT NULL DEFAULT 0,
    credit decimal(14, 2) NOT NULL DEFAULT 0,
    rate decimal(12, 6),
    memo text,
    PRIMARY KEY (journal_id, line)
);

CREATE TABLE budgets (
    account_code varchar(190) NOT NULL REFERENCES accounts (code),
    year_ integer NOT NULL,
    amount decimal(14, 2),
    factor double NOT NULL DEFAULT 1,
    PRIMARY KEY (account_code, year_)
);

CREATE VIEW balances AS
SELECT a.code, a.name, sum(l.debit - l.credit) AS balance, count(l.line) AS line_count
FROM accounts AS a LEFT JOIN journal_lines AS l ON l.account_code = a.code
GROUP BY a.code, a.name;
