-- For filters.between and the other filters on age.

CREATE INDEX users_age_idx ON users (age);
