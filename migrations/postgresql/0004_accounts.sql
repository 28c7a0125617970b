-- Users have a rating, a balance and perhaps a key at an identity provider, and may be guests.
-- Outside a transaction, so that a check of all rows does not begin under the lock of the ADD before it.
-- pydb: outside a transaction

ALTER TABLE users ADD COLUMN rating double precision NULL;

ALTER TABLE users ADD COLUMN balance numeric(10, 2) NOT NULL DEFAULT 0;

ALTER TABLE users ADD COLUMN external_id uuid NULL;

-- For users.by_external_id.
-- pydb: accept disallowed-unique-constraint: the column is new, so that no value is in the index
-- pydb: accept constraint-missing-not-valid: the column is new, so that no value is in the index
ALTER TABLE users ADD CONSTRAINT users_external_id_key UNIQUE (external_id);

-- Prepaid: a balance is never negative.  Every balance is 0 now, and later values are checked.
ALTER TABLE users ADD CONSTRAINT users_balance_check CHECK (balance >= 0) NOT VALID;

ALTER TABLE users VALIDATE CONSTRAINT users_balance_check;

ALTER TABLE users DROP CONSTRAINT users_role_check;

ALTER TABLE users ADD CONSTRAINT users_role_check CHECK (role IN ('admin', 'user', 'guest')) NOT VALID;

ALTER TABLE users VALIDATE CONSTRAINT users_role_check;
