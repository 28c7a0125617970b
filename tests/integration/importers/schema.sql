-- What the projects of other tools in this folder read and write.
CREATE TABLE authors (
    id integer NOT NULL CONSTRAINT authors_pkey PRIMARY KEY,
    name text NOT NULL CONSTRAINT authors_name_key UNIQUE,
    bio text,
    born integer
);

CREATE TABLE books (
    id integer NOT NULL CONSTRAINT books_pkey PRIMARY KEY,
    author_id integer NOT NULL CONSTRAINT books_author_fkey REFERENCES authors (id),
    title text NOT NULL,
    price numeric(10, 2) NOT NULL,
    available boolean NOT NULL DEFAULT TRUE
);

CREATE TABLE tags (
    book_id integer NOT NULL CONSTRAINT tags_book_fkey REFERENCES books (id),
    name text NOT NULL,
    CONSTRAINT tags_pkey PRIMARY KEY (book_id, name)
);
