-- Users have a rating, a balance and perhaps a key at an identity provider, and may be guests.

ALTER TABLE users ADD COLUMN rating double NULL;

ALTER TABLE users ADD COLUMN balance decimal(10, 2) NOT NULL DEFAULT 0;

ALTER TABLE users ADD COLUMN external_id uuid NULL;

-- For users.by_external_id.
ALTER TABLE users ADD CONSTRAINT users_external_id_key UNIQUE (external_id);

-- Prepaid: a balance is never negative.
ALTER TABLE users ADD CONSTRAINT users_balance_check CHECK (balance >= 0);

ALTER TABLE users DROP CONSTRAINT users_role_check;

ALTER TABLE users ADD CONSTRAINT users_role_check CHECK (role IN ('admin', 'user', 'guest'));
