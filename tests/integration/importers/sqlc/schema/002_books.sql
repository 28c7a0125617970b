-- +goose Up
CREATE TABLE books (
    id bigserial CONSTRAINT books_pkey PRIMARY KEY,
    author_id bigint NOT NULL CONSTRAINT books_author_fkey REFERENCES authors (id),
    title text NOT NULL,
    price numeric(10, 2) NOT NULL,
    tags text[] NOT NULL DEFAULT '{}',
    available boolean NOT NULL DEFAULT TRUE
);

-- +goose Down
DROP TABLE books;
