-- For filters.between and the other filters on age.
-- pydb: outside a transaction

CREATE INDEX CONCURRENTLY users_age_idx ON users (age);
