-- Accounts whose money is moved in the tests of transactions.

CREATE TABLE accounts (
    id integer NOT NULL,
    owner varchar(40) NOT NULL,
    balance integer NOT NULL,
    CONSTRAINT accounts_pkey PRIMARY KEY (id),
    CONSTRAINT accounts_owner_unique UNIQUE (owner),
    CONSTRAINT accounts_balance_check CHECK (balance >= 0)
);
