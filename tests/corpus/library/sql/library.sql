-- The counter's statements.

-- name: work :maybe Work
SELECT isbn, title, author, year_, price, language FROM works WHERE isbn = :isbn;

-- name: add_work :one Work
INSERT INTO works (isbn, title, author, year_, price) VALUES (:isbn, :title, :author, :year, :price)
RETURNING isbn, title, author, year_, price, language;

-- name: copies_of :many Copy
SELECT barcode, isbn, shelf, bought_on, reference_only FROM copies WHERE isbn = :isbn;

-- name: lend :one scalar
INSERT INTO loans (barcode, card, lent_at, due_on) VALUES (:barcode, :card, :lent_at, :due_on) RETURNING id;

-- name: take_back :affected
UPDATE loans SET returned_at = :at, fine = :fine WHERE barcode = :barcode AND returned_at IS NULL;

-- name: lent_now :many Lent
SELECT barcode, title, reader, due_on FROM lent ORDER BY due_on, barcode;

-- name: late :many Late
SELECT l.id, r.name, l.due_on, COALESCE(l.fine, 0) AS fine FROM loans AS l
INNER JOIN readers AS r ON r.card = l.card WHERE l.due_on < :today AND l.returned_at IS NULL;

-- name: available :many Available
SELECT w.isbn, w.title, count(c.barcode) AS copies, count(l.id) AS lent, count(c.barcode) - count(l.id) AS free
FROM works AS w
LEFT JOIN copies AS c ON c.isbn = w.isbn
LEFT JOIN loans AS l ON l.barcode = c.barcode AND l.returned_at IS NULL
GROUP BY w.isbn, w.title;

-- name: most_read :many MostRead
SELECT w.title, w.author, count(*) AS n, max(l.lent_at) AS last_at, dense_rank() OVER (ORDER BY count(*) DESC) AS place
FROM loans AS l INNER JOIN copies AS c ON c.barcode = l.barcode INNER JOIN works AS w ON w.isbn = c.isbn
GROUP BY w.isbn, w.title, w.author;

-- name: fines :one Fines
SELECT sum(fine) AS total, avg(fine) AS mean, count(fine) AS n, count(*) AS loans FROM loans WHERE card = :card;

-- name: block :affected
UPDATE readers SET blocked_until = :until WHERE card = :card AND (blocked_until IS NULL OR blocked_until < :until);

-- name: blocked :many BlockedReader
SELECT card, name, blocked_until FROM readers WHERE blocked_until >= :today;

-- name: reader :maybe Reader
SELECT card, name, joined_on, blocked_until, opens_at FROM readers WHERE card = :card;

-- name: register :one Reader
INSERT INTO readers (name, joined_on, opens_at) VALUES (:name, :joined_on, :opens_at)
RETURNING card, name, joined_on, blocked_until, opens_at;

-- name: by_decade :many Decade
SELECT year_ / 10 * 10 AS decade, count(*) AS n, min(title) AS first_title FROM works WHERE year_ IS NOT NULL GROUP BY year_ / 10 * 10;

-- name: authors :many scalar
SELECT DISTINCT author FROM works WHERE author IS NOT NULL ORDER BY author;

-- name: titles_or_authors :many Word
SELECT title AS word FROM works UNION SELECT author FROM works ORDER BY word;

-- name: move :affected
UPDATE copies SET shelf = :shelf WHERE barcode IN (:barcodes);

-- name: never_lent :many scalar
SELECT barcode FROM copies WHERE barcode NOT IN (SELECT l.barcode FROM loans AS l) ORDER BY barcode;

-- name: shelf_list :many Shelf
SELECT shelf, count(*) AS n, sum(CASE WHEN reference_only THEN 1 ELSE 0 END) AS fixed FROM copies GROUP BY shelf;

-- name: worth :one Worth
SELECT sum(w.price) AS total, max(w.price) - min(w.price) AS spread, COALESCE(avg(w.price), 0) AS mean
FROM copies AS c INNER JOIN works AS w ON w.isbn = c.isbn;

-- name: with_dear :many WorkPrice
SELECT isbn, price FROM works WHERE price > :price OR (price IS NULL AND :with_unpriced = 1);

-- name: import_loans :batch
INSERT INTO loans (barcode, card, lent_at, due_on, fine) VALUES (:barcode, :card, :lent_at, :due_on, :fine);

-- name: loans_stream :stream Loan
SELECT id, barcode, card, lent_at, due_on, returned_at, fine FROM loans ORDER BY id;

-- name: readers_with_loans :many ReaderWithLoans
-- @group loans LoanOfReader
-- @embed loans.copy LoanedCopy
-- @embed loans.copy.work LoanedWork
SELECT r.card, r.name, r.blocked_until, l.id AS loans__id, l.due_on AS loans__due_on, l.fine AS loans__fine,
    c.barcode AS loans__copy__barcode, c.shelf AS loans__copy__shelf,
    w.isbn AS loans__copy__work__isbn, w.author AS loans__copy__work__author, w.title AS loans__copy__work__title
FROM readers AS r
LEFT JOIN loans AS l ON l.card = r.card
LEFT JOIN copies AS c ON c.barcode = l.barcode
LEFT JOIN works AS w ON w.isbn = c.isbn
ORDER BY l.due_on, r.card;

-- name: works_with_copies :stream WorkWithCopies
-- @group copies CopyWithLoans
-- @group copies.loans CopyLoan
-- @embed copies.loans.reader LoanReader
SELECT w.isbn, w.title, w.price, c.barcode AS copies__barcode, COALESCE(c.shelf, '?') AS copies__shelf,
    l.id AS copies__loans__id, l.returned_at AS copies__loans__returned_at, l.fine AS copies__loans__fine,
    r.card AS copies__loans__reader__card, r.name AS copies__loans__reader__name, r.opens_at AS copies__loans__reader__opens_at
FROM works AS w
LEFT JOIN copies AS c ON c.isbn = w.isbn
LEFT JOIN loans AS l ON l.barcode = c.barcode AND l.returned_at IS NULL
LEFT JOIN readers AS r ON r.card = l.card
ORDER BY w.title, w.isbn, c.barcode, l.id;

-- name: copies_and_work :many CopyAndWork
-- @embed work WorkOfCopy
-- @embed first_loan FirstLoan
SELECT c.barcode, c.bought_on, w.isbn AS work__isbn, w.year_ AS work__year_, w.language AS work__language,
    l.id AS first_loan__id, l.lent_at AS first_loan__lent_at, l.card AS first_loan__card
FROM copies AS c
INNER JOIN works AS w ON w.isbn = c.isbn
LEFT JOIN loans AS l ON l.id = (SELECT min(x.id) FROM loans AS x WHERE x.barcode = c.barcode);

-- name: work_with_counts :maybe WorkWithCounts
-- @group copies CountedCopy
SELECT w.isbn, w.author, c.barcode AS copies__barcode, count(l.id) AS copies__loans, max(l.due_on) AS copies__last_due
FROM works AS w
LEFT JOIN copies AS c ON c.isbn = w.isbn
LEFT JOIN loans AS l ON l.barcode = c.barcode
WHERE w.isbn = :isbn
GROUP BY w.isbn, w.author, c.barcode;

-- name: readers_of_copy :many CopyReaders
-- Through the table between, whose own column is part of the level.
-- @group readers ReaderOfCopy key loan
SELECT c.barcode, r.card AS readers__card, l.id AS readers__loan, r.name AS readers__name, l.due_on AS readers__due_on, l.lent_at AS readers__lent_at
FROM copies AS c
LEFT JOIN loans AS l ON l.barcode = c.barcode
LEFT JOIN readers AS r ON r.card = l.card
WHERE
    TRUE
    AND c.barcode = :barcode -- if :barcode
ORDER BY c.barcode, r.name;
