-- +goose Up
CREATE TABLE authors (
    id bigserial CONSTRAINT authors_pkey PRIMARY KEY,
    name text NOT NULL CONSTRAINT authors_name_key UNIQUE,
    bio text,
    born integer
);

-- +goose Down
DROP TABLE authors;
