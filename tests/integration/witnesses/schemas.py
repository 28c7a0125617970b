"""The witnesses' tables on each engine, and the states of their rows."""

TABLES = {
    "sqlite": """
CREATE TABLE authors (id INTEGER PRIMARY KEY, name TEXT NOT NULL, email TEXT, age INTEGER);
CREATE TABLE books (
    id INTEGER PRIMARY KEY, author_id INTEGER, title TEXT NOT NULL,
    price NUMERIC NOT NULL CHECK (price BETWEEN 0 AND 1000), pages INTEGER
);
CREATE TABLE editions (
    book_id INTEGER NOT NULL, number INTEGER NOT NULL, printed DATE, PRIMARY KEY (book_id, number)
);
CREATE TABLE sales (
    id INTEGER PRIMARY KEY, book_id INTEGER NOT NULL, quantity INTEGER NOT NULL CHECK (typeof(quantity) = 'integer'),
    amount REAL, region TEXT
);
CREATE TABLE nodes (id INTEGER PRIMARY KEY, parent_id INTEGER, label TEXT NOT NULL);
CREATE TABLE measures (id INTEGER PRIMARY KEY, a REAL NOT NULL, b REAL NOT NULL, divisor INTEGER NOT NULL, c REAL);
CREATE TABLE codes (code TEXT PRIMARY KEY, note TEXT);
CREATE TABLE voids (id INTEGER PRIMARY KEY, x INTEGER NOT NULL, y TEXT NOT NULL);
CREATE VIEW named_books AS SELECT b.id, a.name, b.title FROM books b LEFT JOIN authors a ON a.id = b.author_id;
""",
    "postgresql": """
CREATE TABLE authors (id integer PRIMARY KEY, name text NOT NULL, email text, age integer);
CREATE TABLE books (
    id integer PRIMARY KEY, author_id integer, title text NOT NULL,
    price numeric(10, 2) NOT NULL CHECK (price BETWEEN 0 AND 1000), pages integer
);
CREATE TABLE editions (
    book_id integer NOT NULL, number integer NOT NULL, printed date, PRIMARY KEY (book_id, number)
);
CREATE TABLE sales (
    id integer PRIMARY KEY, book_id integer NOT NULL, quantity integer NOT NULL, amount double precision, region text
);
CREATE TABLE nodes (id integer PRIMARY KEY, parent_id integer, label text NOT NULL);
CREATE TABLE measures (
    id integer PRIMARY KEY, a double precision NOT NULL, b double precision NOT NULL, divisor integer NOT NULL,
    c double precision
);
CREATE TABLE codes (code text PRIMARY KEY, note text);
CREATE TABLE voids (id integer PRIMARY KEY, x integer NOT NULL, y text NOT NULL);
CREATE VIEW named_books AS SELECT b.id, a.name, b.title FROM books b LEFT JOIN authors a ON a.id = b.author_id;
CREATE VIEW reachable AS SELECT id, name, email FROM authors WHERE email IS NOT NULL;
CREATE TABLE documents (id integer PRIMARY KEY, body jsonb NOT NULL, at timestamp NOT NULL, tags text[] NOT NULL);
CREATE TABLE parts (id integer PRIMARY KEY, sort text NOT NULL);
CREATE TABLE special_parts (CHECK (id > 100)) INHERITS (parts);
ALTER TABLE special_parts ALTER COLUMN sort DROP NOT NULL;
""",
    "mariadb": """
CREATE TABLE authors (id integer PRIMARY KEY, name text NOT NULL, email text, age integer);
CREATE TABLE books (
    id integer PRIMARY KEY, author_id integer, title varchar(200) NOT NULL,
    price numeric(10, 2) NOT NULL CHECK (price BETWEEN 0 AND 1000), pages integer
);
CREATE TABLE editions (
    book_id integer NOT NULL, number integer NOT NULL, printed date, PRIMARY KEY (book_id, number)
);
CREATE TABLE sales (
    id integer PRIMARY KEY, book_id integer NOT NULL, quantity integer NOT NULL, amount double, region text
);
CREATE TABLE nodes (id integer PRIMARY KEY, parent_id integer, label varchar(200) NOT NULL);
CREATE TABLE measures (
    id integer PRIMARY KEY, a double NOT NULL, b double NOT NULL, divisor integer NOT NULL, c double
);
CREATE TABLE codes (code varchar(50) PRIMARY KEY, note text);
CREATE TABLE voids (id integer PRIMARY KEY, x integer NOT NULL, y varchar(50) NOT NULL);
CREATE VIEW named_books AS SELECT b.id, a.name, b.title FROM books b LEFT JOIN authors a ON a.id = b.author_id;
CREATE TABLE tokens (id integer PRIMARY KEY, token uuid NOT NULL, day date NOT NULL, page longtext NOT NULL);
""",
}
"""Portable but for the last tables, each with a trap of its engine."""

_ROWS = """
INSERT INTO authors VALUES (1, 'Ada', 'ada@example.com', 36), (2, 'Bob', NULL, NULL), (3, '', '', 0);
INSERT INTO books VALUES (1, 1, 'One', 9.99, 100), (2, 1, 'Two', 0, NULL), (3, NULL, 'Nobody''s', 5, 7),
(4, 99, 'Unmatched', 1, NULL), (5, 2, 'Bob''s', 1000, 0);
INSERT INTO editions VALUES (1, 1, '2020-01-01'), (1, 2, NULL), (98, 1, '2021-01-01');
INSERT INTO sales VALUES (1, 1, 2, 19.98, 'north'), (2, 1, 0, NULL, NULL), (3, 2, 5, 1.5, 'south'),
(4, 97, 1, NULL, 'north'), (5, 3, -1, -5, NULL);
INSERT INTO nodes VALUES (1, NULL, 'root'), (2, 1, 'left'), (3, 1, 'right'), (4, 3, 'leaf'), (5, 96, 'orphan');
INSERT INTO measures VALUES (1, 1, 2, 0, NULL), (2, 0, 0, 3, 1.5), (3, -1, 5, -2, 0);
INSERT INTO codes VALUES ('a', NULL), ('b', 'second');
"""

_PARENTS = """
INSERT INTO authors VALUES (1, 'Ada', NULL, NULL);
INSERT INTO books VALUES (1, NULL, 'Alone', 3, NULL);
INSERT INTO nodes VALUES (1, NULL, 'root');
INSERT INTO codes VALUES ('a', NULL);
"""

_CHILDREN = """
INSERT INTO editions VALUES (1, 1, NULL);
INSERT INTO sales VALUES (1, 1, 1, NULL, NULL);
INSERT INTO measures VALUES (1, 0, 0, 0, NULL);
"""

_OWN_ROWS = {
    "sqlite": """
INSERT INTO measures VALUES (4, 9e999, -9e999, 0, 9e999), (5, 9e999, 0, 1, -9e999), (6, -9e999, 9e999, 1, NULL);
INSERT INTO codes VALUES (NULL, 'a key that is NULL'), (x'', 'an empty blob');
""",
    "postgresql": """
INSERT INTO measures VALUES (4, 'infinity', '-infinity', 0, 'infinity'), (5, 'nan', 0, 1, NULL);
INSERT INTO documents VALUES (1, 'null', 'infinity', '{}'), (2, '{"a": null}', '-infinity', '{NULL}');
INSERT INTO parts VALUES (1, 'plain');
INSERT INTO special_parts VALUES (101, NULL);
""",
    "mariadb": """
INSERT INTO tokens VALUES (1, '123e4567-e89b-42d3-a456-426614174000', '0000-00-00', repeat('x', 16000000));
""",
}


def states(engine: str) -> dict[str, str]:
    """The rows of each state of the database, by its name."""
    return {"empty": "", "parents only": _PARENTS, "children only": _CHILDREN, "hostile": _ROWS + _OWN_ROWS[engine]}
