-- A library: works, copies, who has borrowed what.

CREATE TABLE works (
    isbn char(13) NOT NULL PRIMARY KEY,
    title text NOT NULL,
    author text,
    year_ smallint,
    price decimal(8, 2),
    language char(2) NOT NULL DEFAULT 'en'
);

CREATE TABLE copies (
    barcode varchar(190) NOT NULL PRIMARY KEY,
    isbn char(13) NOT NULL REFERENCES works (isbn),
    shelf text,
    bought_on date NOT NULL,
    reference_only boolean NOT NULL DEFAULT FALSE
);

CREATE TABLE readers (
    card integer AUTO_INCREMENT PRIMARY KEY,
    name text NOT NULL,
    joined_on date NOT NULL,
    blocked_until date,
    opens_at time(6)
);

CREATE TABLE loans (
    id integer AUTO_INCREMENT PRIMARY KEY,
    barcode varchar(190) NOT NULL REFERENCES copies (barcode),
    card integer NOT NULL REFERENCES readers (card),
    lent_at datetime(6) NOT NULL,
    due_on date NOT NULL,
    returned_at datetime(6),
    fine decimal(6, 2)
);

CREATE VIEW lent AS
SELECT l.barcode, w.title, r.name AS reader, l.due_on FROM loans AS l
INNER JOIN copies AS c ON c.barcode = l.barcode
INNER JOIN works AS w ON w.isbn = c.isbn
LEFT JOIN readers AS r ON r.card = l.card
WHERE l.returned_at IS NULL;
