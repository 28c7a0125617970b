"""SQL that is refused at load, with its whole message, and similar SQL that is correct."""

from __future__ import annotations

import re

import pytest

from pydb.errors import SqlFileError
from pydb.sqlfile.parser import parse_file

# A case: the engine of the overlay or "shared", and the header's row word; the SQL; the message; the hint.
REFUSED = r"""
shared :many
SELECT :a::int;
-> :a::int is not bound
=> CAST(:a AS int)

postgresql :many
SELECT :a::numeric(10,2) FROM t;
-> :a::numeric(10,2) is not bound
=> CAST(:a AS numeric(10,2))

postgresql :many
SELECT :a::int[] FROM t;
-> :a::int[] is not bound
=> CAST(:a AS int[])

shared :many
SELECT 'at :noon', :noon;
-> a string contains the parameter :noon
=> it is not bound there; join with || :noon

postgresql :many
SELECT $$at :noon$$, :noon;
-> a string contains the parameter :noon
=> it is not bound there; join with || :noon

postgresql :many
SELECT interval ':d days' + :d;
-> a string contains the parameter :d
=> it is not bound there; join with || :d

mariadb :many
SELECT "at :noon", :noon;
-> a quoted identifier contains the parameter :noon
=> it is not bound there; a parameter cannot be part of a name

shared :many
SELECT id FROM t WHERE id IN :ids;
-> IN :ids has no brackets
=> write IN (:ids)

shared :many
SELECT id FROM t WHERE id NOT IN :ids;
-> IN :ids has no brackets
=> write IN (:ids)

shared :many
SELECT id FROM t WHERE id IN (:ids) OR id = :ids;
-> :ids is a list in IN (:ids) and a single value here
=> use two parameters

shared :many
SELECT id FROM t ORDER BY :x;
-> ORDER BY :x sorts by a constant
=> a parameter cannot be a column: write one statement for each order, or use ORDER BY CASE

shared :many
SELECT id FROM t ORDER BY id, :x DESC LIMIT 3;
-> ORDER BY :x sorts by a constant
=> a parameter cannot be a column: write one statement for each order, or use ORDER BY CASE

shared :many
SELECT id FROM t ORDER BY lower(id), (:x);
-> ORDER BY :x sorts by a constant
=> a parameter cannot be a column: write one statement for each order, or use ORDER BY CASE

shared :many
SELECT count(*) FROM t GROUP BY :x ORDER BY 1;
-> GROUP BY :x groups by a constant
=> a parameter cannot be a column: write the column

shared :many
SELECT row_number() OVER (PARTITION BY a ORDER BY :x) FROM t;
-> ORDER BY :x sorts by a constant
=> a parameter cannot be a column: write one statement for each order, or use ORDER BY CASE

shared :many
SELECT sum(a) OVER (PARTITION BY :x) FROM t;
-> PARTITION BY :x groups by a constant
=> a parameter cannot be a column: write the column

shared :many
SELECT a FROM :t;
-> :t is used as an identifier after FROM
=> a parameter is a value: write the name itself

shared :many
SELECT a FROM t INNER JOIN :u ON true;
-> :u is used as an identifier after JOIN
=> a parameter is a value: write the name itself

shared :exec
INSERT INTO :t (a) VALUES (1);
-> :t is used as an identifier after INTO
=> a parameter is a value: write the name itself

shared :exec
UPDATE :t SET a = 1;
-> :t is used as an identifier after UPDATE
=> a parameter is a value: write the name itself

shared :exec
UPDATE t SET :c = 1;
-> :c is used as an identifier after SET
=> a parameter is a value: write the name itself

shared :exec
DELETE FROM :t WHERE a = 1;
-> :t is used as an identifier after FROM
=> a parameter is a value: write the name itself

shared :exec
TRUNCATE TABLE :t;
-> :t is used as an identifier after TABLE
=> a parameter is a value: write the name itself

shared :many
SELECT t.:c FROM t;
-> :c is used as an identifier after a dot
=> a parameter is a value: write the name

sqlite :many
SELECT "t".:c FROM t;
-> :c is used as an identifier after a dot
=> a parameter is a value: write the name

shared :many
SELECT id FROM t WHERE id IN ((:ids));
-> IN ((:ids)) compares with one value
=> write IN (:ids) for a list, = :ids for a value

shared :many
SELECT id FROM t WHERE id = :1;
-> :1 is not a parameter here
=> a parameter's name starts with a letter

sqlite :many
SELECT '%(a)s', :a;
-> %(a)s in a string or comment would become a parameter
=> remove it, or rename the parameter :a

shared :many
SELECT :a /* like %(a)s */;
-> %(a)s in a string or comment would become a parameter
=> remove it, or rename the parameter :a

mariadb :exec
LOCK TABLES t WRITE;
-> LOCK TABLES ends the transaction on MariaDB
=> lock rows: SELECT … FOR UPDATE

mariadb :exec
UNLOCK TABLES;
-> UNLOCK TABLES ends the transaction on MariaDB
=> lock rows: SELECT … FOR UPDATE

shared :many
SELECT a FROM t WHERE a = ?;
-> ? is not a parameter here
=> write a parameter as :name

sqlite :many
SELECT a FROM t WHERE a = ?1;
-> ?1 is not a parameter here
=> write a parameter as :name

sqlite :many
SELECT a FROM t WHERE a = @x;
-> @x is not a parameter here
=> write a parameter as :name

sqlite :many
SELECT a FROM t WHERE a = $x;
-> $x is not a parameter here
=> write a parameter as :name

shared :many
SELECT a FROM t WHERE a = @x;
-> @x is not a parameter here
=> write a parameter as :name

postgresql :many
SELECT a FROM t WHERE a = $1;
-> $1 is not a parameter here
=> write a parameter as :name

postgresql :many
SELECT a FROM t WHERE a = ?;
-> ? is not a parameter here
=> write a parameter as :name

postgresql :many
SELECT a FROM t WHERE a=? AND b = 1;
-> ? is not a parameter here
=> write a parameter as :name

postgresql :many
SELECT a FROM t WHERE a BETWEEN ? AND ?;
-> ? is not a parameter here
=> write a parameter as :name

postgresql :exec
INSERT INTO t VALUES (?, ?);
-> ? is not a parameter here
=> write a parameter as :name

mariadb :many
SELECT a FROM t WHERE a = ?;
-> ? is not a parameter here
=> write a parameter as :name

shared :many
SELECT a FROM t WHERE a = %s;
-> %s is not a parameter here
=> write a parameter as :name

shared :many
SELECT a FROM t WHERE a = %(a)s;
-> %(a)s is not a parameter here
=> write a parameter as :name

shared :exec
INSERT INTO t VALUES (%s, %s);
-> %s is not a parameter here
=> write a parameter as :name

shared :many
SELECT a FROM t LIMIT:n;
-> LIMIT:n contains no parameter
=> put a space before the colon: LIMIT :n

shared :many
SELECT a FROM t LIMIT 1:n;
-> 1:n contains no parameter
=> put a space before the colon: 1 :n

shared :many
SELECT a FROM t WHERE a=1 OR b =:c:d;
-> :c:d contains no parameter
=> put a space before the colon: :c :d

shared :many
SELECT a:::b FROM t;
-> :b after a colon is not a parameter
=> write a space before :b

shared :many
SELECT a FROM t WHERE (:q IS NULL OR a = :q);
-> PostgreSQL cannot determine the type of :q in :q IS NULL
=> CAST(:q AS char) IS NULL for a text, else its type in an overlay for postgresql: CAST(:q AS timestamptz) IS NULL

postgresql :many
SELECT a FROM t WHERE (:q IS NOT NULL AND a = :q);
-> PostgreSQL cannot determine the type of :q in :q IS NOT NULL
=> CAST(:q AS text) IS NOT NULL for a text, else its type: CAST(:q AS timestamptz) IS NOT NULL

shared :exec
BEGIN;
-> BEGIN controls the transaction
=> the caller controls it: use Database.begin()

shared :exec
COMMIT;
-> COMMIT controls the transaction
=> the caller controls it: use Database.begin()

shared :exec
ROLLBACK TO SAVEPOINT x;
-> ROLLBACK controls the transaction
=> the caller controls it: use Database.begin()

shared :exec
SAVEPOINT x;
-> SAVEPOINT controls the transaction
=> the caller controls it: use Database.begin()

shared :exec
START TRANSACTION;
-> START controls the transaction
=> the caller controls it: use Database.begin()

shared :many
SELECT :__x;
-> Python would change the name of the parameter :__x
=> use plain letters

postgresql :exec
PREPARE TRANSACTION 'x';
-> PREPARE controls the transaction
=> the caller controls it: use Database.begin()

postgresql :many
SELECT a FROM t WHERE :q ISNULL;
-> PostgreSQL cannot determine the type of :q here
=> CAST(:q AS text) IS NULL for a text, else its type: CAST(:q AS timestamptz) IS NULL

shared :affected
SELECT 1;
-> :affected cannot be used with SELECT, which changes no rows
=> use :one, :maybe, :many or :stream

shared :batch
SELECT :x;
-> :batch cannot be used with SELECT, which changes no rows
=> use :one, :maybe, :many or :stream

shared :affected User
UPDATE t SET a = :a;
-> :affected returns no rows, so it cannot have a record
=> remove User

shared :exec scalar
UPDATE t SET a = :a;
-> :exec returns no rows, so it cannot have scalar
=> remove scalar

shared :one
INSERT INTO t (a) VALUES (:a);
-> :one cannot be used with INSERT without RETURNING
=> add RETURNING, or use :affected or :exec

shared :maybe
UPDATE t SET a = 1;
-> :maybe cannot be used with UPDATE without RETURNING
=> add RETURNING, or use :affected or :exec

shared :many
DELETE FROM t WHERE a = :a;
-> :many cannot be used with DELETE without RETURNING
=> add RETURNING, or use :affected or :exec

shared :stream
DELETE FROM t WHERE a = :a RETURNING a;
-> :stream cannot be used with a statement that writes: if it is not read to the end, its work is incomplete
=> use :many

postgresql :stream
WITH d AS (DELETE FROM t RETURNING a) SELECT a FROM d;
-> :stream cannot be used with a statement that writes: if it is not read to the end, its work is incomplete
=> use :many

shared :batch User
INSERT INTO t (a) VALUES (:a);
-> :batch without RETURNING returns no rows, so it cannot have a record
=> remove User

shared :one
CREATE TABLE t (a int);
-> :one cannot be used with CREATE
=> use :exec

shared :many
SELECT a FROM t WHERE a = 'x\'' OR b = :c -- ';
-> the SQL is read differently by mariadb than by sqlite
=> write an overlay for mariadb

mariadb :many
SELECT a FROM t WHERE a = 'x\'' OR b = ':c';
-> a backslash before a quote depends on MariaDB's NO_BACKSLASH_ESCAPES
=> double the quote instead: ''

mariadb :many
SELECT 'C:\', :a, ' ';
-> a backslash before a quote depends on MariaDB's NO_BACKSLASH_ESCAPES
=> double the quote instead: ''

shared :many
SELECT a #> :x FROM t;
-> the SQL is read differently by postgresql than by sqlite
=> write an overlay for postgresql

shared :many
SELECT a FROM t /* a /* b */ :x */ WHERE b;
-> the SQL is read differently by postgresql than by sqlite
=> write an overlay for postgresql

shared :many
SELECT [a:b], :x;
-> the SQL is read differently by postgresql than by sqlite
=> write an overlay for postgresql

shared :many
SELECT `a:b`, :x;
-> the SQL is read differently by postgresql than by sqlite
=> write an overlay for postgresql

shared :many
SELECT $$a$$, :x;
-> the SQL is read differently by postgresql than by sqlite
=> write an overlay for postgresql

shared :many
SELECT E'a\n', :x;
-> the SQL is read differently by postgresql than by sqlite
=> write an overlay for postgresql

shared :many
SELECT 5 --:x
;
-> the SQL is read differently by mariadb than by sqlite
=> write an overlay for mariadb

shared :many
SELECT a FROM t --unspaced
;
-> the SQL is read differently by mariadb than by sqlite
=> write a space after --, or write an overlay for mariadb

shared :many
SELECT a FROM t # the rest
;
-> the SQL is read differently by mariadb than by sqlite
=> begin a comment with --, or write an overlay for mariadb

shared :many
SELECT a /*! , :x */ FROM t;
-> the SQL is read differently by mariadb than by sqlite
=> write an overlay for mariadb

shared :many
SELECT 'abc;
-> a string is never closed
=> close it; a line that starts with -- name: always starts a new statement

shared :many
SELECT "abc;
-> a quoted identifier is never closed
=> close it; a line that starts with -- name: always starts a new statement

shared :many
SELECT /* abc;
-> a comment is never closed
=> close it; a line that starts with -- name: always starts a new statement

mariadb :many
SELECT `abc;
-> a quoted identifier is never closed
=> close it; a line that starts with -- name: always starts a new statement

sqlite :many
SELECT [abc;
-> a quoted identifier is never closed
=> close it; a line that starts with -- name: always starts a new statement

postgresql :many
SELECT $q$ abc $$;
-> a string is never closed
=> close it; a line that starts with -- name: always starts a new statement

postgresql :many
SELECT E'abc\';
-> a string is never closed
=> close it; a line that starts with -- name: always starts a new statement

postgresql :many
SELECT /* a /* b */ ;
-> a comment is never closed
=> close it; a line that starts with -- name: always starts a new statement

postgresql :many
SELECT a[:n] FROM t;
-> [:n can be read as a slice or as a parameter
=> write [ :n for the parameter, [1:… for the slice

postgresql :many
SELECT ARRAY[:a][:n];
-> [:n can be read as a slice or as a parameter
=> write [ :n for the parameter, [1:… for the slice

postgresql :many
SELECT a[f(1) :n] FROM t;
-> ) :n can be read as a slice or as a parameter
=> write : :n for the parameter, : n for the slice

postgresql :many
SELECT a[:n::int] FROM t;
-> :n::int is not bound
=> CAST(:n AS int)

shared :many
SELECT (a FROM t;
-> a bracket is never closed
=> close it, or remove it

shared :many
SELECT a) FROM t;
-> a closing bracket has no opening bracket
=> remove it, or add an opening bracket

shared :many
SELECT :class + :class_;
-> in Python both :class and :class_ are named class_
=> rename one of the two parameters

shared :many
SELECT :conn;
-> the parameter name :conn is reserved
=> conn, self and cls are reserved for the functions; choose another name

shared :many
SELECT :x৴;
-> Python would change the name of the parameter :x৴
=> use plain letters

shared :many
SELECT :ﬁ;
-> Python would change the name of the parameter :ﬁ
=> use plain letters

shared :many
SELECT “a”;
-> the character U+201C is not SQL
=> type it again: it may come from a word processor

shared :many
SELECT a FROM t WHERE \:a = 1;
-> there is a backslash before :a
=> remove it: outside a string a backslash has no meaning
"""

ACCEPTED = r"""
shared :many
SELECT a, 'at :noon' FROM t WHERE b = :x;

shared :many
SELECT a FROM t WHERE a = CAST(:a AS int);

postgresql :many
SELECT :a ::int, (:a)::int, b::text FROM t;

postgresql :many
SELECT a[1:2], a[lo:hi], a[:2], a[ :n] FROM t;

postgresql :many
SELECT ARRAY[:a, :b], ARRAY[[:a], [:b]], ARRAY[[:a],[:b]], a[abs(-1):abs(2)], a[ :n : :m], a[f(1): :n] FROM t;

shared :many
SELECT id FROM t ORDER BY CASE WHEN :x = 'a' THEN id END, :y + 1 LIMIT :n OFFSET :m;

shared :many
SELECT id FROM t ORDER BY id LIMIT :a, :b;

shared :many
SELECT id FROM t ORDER BY name = :x DESC, id;

shared :many
SELECT id FROM t ORDER BY coalesce(a, :x), id;

shared :many
SELECT id, :x FROM t GROUP BY id, a HAVING count(*) > :n ORDER BY id;

mariadb :many
SELECT group_concat(a ORDER BY b SEPARATOR :sep) FROM t;

shared :many
SELECT substring(:s FROM :n FOR :m), trim(both :c FROM :s) FROM t;

shared :many
SELECT extract(day FROM :d) FROM t WHERE a IS DISTINCT FROM :b AND a IS NOT DISTINCT FROM :c;

mariadb :exec
START SLAVE;

postgresql :many
SELECT position(:a IN (:b)), :b;

postgresql :many
SELECT position(:a IN :b), position(:a IN (:c || :d)) FROM t;

postgresql :many
SELECT a ? 'x', a ?| array['b'], a ?& :keys, a @> :doc, a #>> :path, a @? '$.x' FROM t;

shared :many
SELECT 10 % 3, a % s, a %s, 5 % :n FROM t;

mariadb :many
SELECT @x = :a, @@sql_mode, `a:b`, "c" FROM t;

mariadb :many
SELECT a FROM t # don't :x
;

mariadb :many
SELECT 5--1 FROM t WHERE a = :x;

mariadb :many
SELECT 'it\\', 'C:\\', :x;

mariadb :many
SELECT a FROM t WHERE (:q IS NULL OR a = :q);

sqlite :many
SELECT a FROM t WHERE (:q IS NULL OR a = :q);

sqlite :many
SELECT [a:b], `c:d`, "e:f" FROM t WHERE a = :q;

shared :many
SELECT "a:b" AS "when :now" FROM t WHERE a = :q;

postgresql :many
SELECT E'it\'s :a', $tag$ don't :a $tag$, /* a /* :b */ c */ U&"d\0061", B'01' FROM t WHERE a = :q;

postgresql :one
WITH d AS (DELETE FROM t WHERE a = :a RETURNING a) SELECT count(*) FROM d;

shared :affected
WITH x AS (SELECT a FROM t) DELETE FROM u WHERE a IN (SELECT a FROM x);

shared :affected
WITH x (a, b) AS (SELECT 1, 2), replace AS (SELECT 3) UPDATE t SET a = :a;

shared :many
EXPLAIN SELECT :a;

sqlite :many
PRAGMA table_info(t);

shared :many
VALUES (:a), (:b);

mariadb :many
SHOW TABLES;

mariadb :many
CALL p(:a);

shared :exec
CREATE TABLE t (a int);

sqlite :exec
CREATE TRIGGER x AFTER INSERT ON t BEGIN UPDATE t SET a = 1; DELETE FROM u; END;

shared :exec
DELETE FROM t;

shared :exec
SELECT setval('a', :n);

postgresql :many
MERGE INTO t USING u ON t.a = u.a WHEN MATCHED THEN UPDATE SET b = :b RETURNING a;

postgresql :affected
MERGE INTO t USING u ON t.a = u.a WHEN MATCHED THEN UPDATE SET b = :b WHEN NOT MATCHED THEN INSERT VALUES (:c);

postgresql :many
TABLE t;

shared :many
(SELECT :a) UNION ALL (SELECT 2);

shared :batch
INSERT INTO t (a) VALUES (:a);

shared :batch User
INSERT INTO t (a) VALUES (:a) RETURNING a;

shared :batch
UPDATE t SET a = :a WHERE b = :b;

shared :one User
INSERT INTO t (a) VALUES (:a) ON CONFLICT (a) DO UPDATE SET b = excluded.b RETURNING a, b;

mariadb :one User
INSERT INTO t (a) VALUES (:a) ON DUPLICATE KEY UPDATE b = VALUES(b) RETURNING a, b;

mariadb :one User
REPLACE INTO t (a) VALUES (:a) RETURNING a, b;

postgresql :many
SELECT a FROM t WHERE a = ANY(:ids) FOR UPDATE SKIP LOCKED;

postgresql :exec
SET LOCAL work_mem = '4MB';

postgresql :many
SELECT a[:2], a[1:2], '%(a)s', '%(b)s %' || :c FROM t WHERE x IN ((:d, :e)) AND y = 1. AND z = .5;

postgresql :exec
LOCK TABLE t IN SHARE MODE;

postgresql :many
SELECT 'a' 'b', 12:30 FROM t;

shared :many
SELECT größe FROM t WHERE größe > :größe;

shared :many
SELECT a FROM t WHERE (a, b) IN ((:a, :b), (1, 2)) AND c IN (:x, :y);

shared :many
SELECT a FROM t WHERE a IN(:ids) OR b NOT IN ( :ids );

shared :many
SELECT date '2020-01-01', x'00ff', 1e-5, .5 FROM t;

shared :many
SELECT a -- why: :x isn't bound
;

shared :many
SELECT a FROM t WHERE a LIKE '100!%' ESCAPE '!' AND b LIKE :p || '%';
"""

CASES = re.findall(r"^(\w+) :(.+)\n((?:.+\n)+?)-> (.+)\n=> (.+)$", REFUSED, re.MULTILINE)
PLAIN_CASES = re.findall(r"^(\w+) :(.+)\n((?:.+\n)+)", ACCEPTED, re.MULTILINE)


def test_every_case_is_read() -> None:
    """Every case of the tables is read."""
    assert len(CASES) == REFUSED.count("\n-> ") == REFUSED.count("\n\n") + 1
    assert len(PLAIN_CASES) == ACCEPTED.count("\n\n") + 1


@pytest.mark.parametrize(
    ("where", "header", "sql", "message", "hint"), CASES, ids=[f"{case[0]}: {case[2].strip()}" for case in CASES]
)
def test_refused(where: str, header: str, sql: str, message: str, hint: str) -> None:
    """A statement with another meaning than its text suggests is refused with file, line, name and hint."""
    engine = None if where == "shared" else where
    with pytest.raises(SqlFileError) as caught:
        parse_file(f"-- name: x :{header}\n\n{sql}", "t.sql", "t", engine)
    line = 1 if re.match(r":(one|maybe|many|stream|affected|exec|batch) ", message) else 3
    assert str(caught.value).split("\n")[0] == f"t.sql:{line}: t.x: {message}    hint: {hint}"


@pytest.mark.parametrize(
    ("where", "header", "sql"), PLAIN_CASES, ids=[f"{case[0]}: {case[2].strip()}" for case in PLAIN_CASES]
)
def test_accepted(where: str, header: str, sql: str) -> None:
    """A statement that only looks like a mistake loads unchanged."""
    engine = None if where == "shared" else where
    (parsed,) = parse_file(f"-- name: x :{header}\n{sql}", "t.sql", "t", engine)
    assert parsed.form.sql == sql.strip()


@pytest.mark.parametrize(
    "sql", ["SELECT\n    a,\n    :a::int;", "SELECT -- it's\n    /* ; */ 1,\n    'b' || ':b', :b;"]
)
def test_the_line_is_that_of_the_trap(sql: str) -> None:
    """An error names the line of the mistake, not that of the statement."""
    with pytest.raises(SqlFileError) as caught:
        parse_file(f"-- name: x :many\n-- What it does.\n\n{sql}\n", "t.sql", "t", None)
    assert caught.value.line == 6


def test_no_error_holds_a_literal() -> None:
    """A message names the parameter in a string, and contains no part of the string."""
    with pytest.raises(SqlFileError) as caught:
        parse_file("-- name: x :many\nSELECT 'secret :a', :a;\n", "t.sql", "t", None)
    assert "secret" not in caught.value.message + (caught.value.hint or "")
