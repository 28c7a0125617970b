-- Users have a rating, a balance and perhaps a key at an identity provider, and may be guests.  SQLite cannot add
-- such constraints: users is rebuilt, and what refers to it stays.

CREATE TABLE pydb_new_users (
    id integer NOT NULL CONSTRAINT users_pkey PRIMARY KEY AUTOINCREMENT,
    username text NOT NULL,
    email text NOT NULL,
    age integer NULL CHECK (typeof(age) IN ('integer', 'null')),
    rating real NULL,
    balance numeric(10, 2) NOT NULL DEFAULT 0,
    active boolean NOT NULL DEFAULT TRUE CHECK (active IN (FALSE, TRUE)),
    role text NOT NULL DEFAULT 'user',
    -- The user's key at the identity provider.  NULL: the user signs in here.
    external_id uuid NULL
    CHECK (
        external_id GLOB '????????-????-????-????-????????????'
        AND external_id NOT GLOB '*[^0-9a-f-]*'
    ),
    created_at timestamptz NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f', 'now') || '000+00:00')
    CHECK (
        datetime(substr(created_at, 1, 19), '+0 days') IS substr(created_at, 1, 19)
        AND substr(created_at, 20) GLOB '.[0-9][0-9][0-9][0-9][0-9][0-9]+00:00'
    ),
    -- For users.by_username and users.upsert.
    CONSTRAINT users_username_key UNIQUE (username),
    -- For users.by_email.
    CONSTRAINT users_email_key UNIQUE (email),
    -- For users.by_external_id.
    CONSTRAINT users_external_id_key UNIQUE (external_id),
    CONSTRAINT users_username_check CHECK (length(username) BETWEEN 1 AND 50),
    -- Only printable ASCII: all mail servers accept it, and lower() has the same result on every engine.
    CONSTRAINT users_email_check CHECK (length(email) BETWEEN 3 AND 254 AND email NOT GLOB '*[^!-~]*'),
    CONSTRAINT users_age_check CHECK (age BETWEEN 0 AND 150),
    -- Prepaid: a balance is never negative.
    CONSTRAINT users_balance_check CHECK (
        balance >= 0 AND balance < 100000000 AND balance = round(balance, 2)
    ),
    CONSTRAINT users_role_check CHECK (role IN ('admin', 'user', 'guest'))
);

INSERT INTO pydb_new_users (id, username, email, age, active, role, created_at)
SELECT id, username, email, age, active, role, created_at
FROM users;

-- Keys of deleted rows are not given again.
DELETE FROM sqlite_sequence WHERE name = 'pydb_new_users';

INSERT INTO sqlite_sequence (name, seq)
SELECT 'pydb_new_users', seq FROM sqlite_sequence WHERE name = 'users';

DROP TABLE users;

ALTER TABLE pydb_new_users RENAME TO users;
