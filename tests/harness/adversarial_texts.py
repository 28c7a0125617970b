"""Texts that are long in one way: a number of pieces in, the text out.

Each text is the worst case for a regular expression or a loop that reads it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

Text = Callable[[int], str]


def repeated(before: str, piece: str, after: str = "", closing: str = "") -> Text:
    """``before``, this number of pieces, ``after``, and as many closing pieces; ``§`` in a piece is its number."""

    def text(count: int) -> str:
        pieces = piece * count if "§" not in piece else "".join(piece.replace("§", str(n)) for n in range(count))
        return f"{before}{pieces}{after}{closing * count}"

    return text


def listed(item: str, count: int, joint: str = ", ") -> str:
    """This number of items, joined; ``§`` in an item is its number, and ``†`` the number of the next one."""
    return joint.join(item.replace("§", str(n)).replace("†", str(n + 1)) for n in range(count))


def ctes(count: int, body: str, last: str) -> str:
    """A chain of common table expressions; each of them reads ``body`` of the previous one, which is written ``§``."""
    rest = (f", c{n} AS ({body.replace('§', f'c{n - 1}')})" for n in range(1, count))
    return f"WITH c0 AS (SELECT 1 AS a){''.join(rest)} {last.replace('§', f'c{count - 1}')}"


# White space, comments, strings: everything that reads SQL meets these.
LEXICAL: dict[str, Text] = {
    "block comments before the verb": repeated("", "/* c */ ", "SELECT 1;"),
    "comments with stars before the verb": repeated("", "/* * / */ -- x\n", "SELECT 1;"),
    "comment lines after": repeated("SELECT 1;\n", "-- note\n"),
    "comment lines and blank lines after": repeated("SELECT 1;\n", "-- note\n\n   \n"),
    "blank lines after": repeated("SELECT 1;", "   \n"),
    "blank lines and no end": repeated("SELECT 1", "   \n"),
    "a comment of blanks": repeated("SELECT 1 --", " ", "x\n;"),
    "line comments": repeated("SELECT 1", " -- c\n+ 1", ";"),
    "marks of optional lines": repeated("SELECT 1", " -- if :\n+ 1", ";"),
    "comments in one line": repeated("SELECT 1", "/* if :x */", ";"),
    "nested comments": repeated("SELECT 1 ", "/* ", ";", "*/"),
    "nested comments that never end": repeated("SELECT 1 ", "/* ", ";"),
    "comments that end and one that does not": repeated("SELECT 1 ", "/* */ /* ", ";"),
    "quotes that never end": repeated("SELECT 1 ", "' \" ` [ ", ";"),
    "an odd number of quotes": repeated("SELECT 1 ", "'a' ", "';"),
    "backslashes before quotes": repeated("SELECT '", "\\'", "';"),
    "strings that end in a backslash": repeated("SELECT ", "'\\' ", ";"),
    "a string over lines": repeated("SELECT E'a'", "\n'b\\'c'", ";"),
    "strings that could go on": repeated("SELECT 1", "\nE'a' -- c\n", "\n;"),
    "a string before comment lines": repeated("SELECT E'a'", "\n-- c", "\n;"),
    "dollar quotes that never end": repeated("SELECT 1 ", "$a§$ ", ";"),
    "parts of a dollar quote": repeated("SELECT 1 $a$ ", "$a", "b;"),
    "square brackets that never close": repeated("SELECT ", "[", ";"),
    "executable comments that never end": repeated("SELECT 1 ", "/*! a ", ";"),
    "executable comments": repeated("SELECT 1 ", "/*!50 a */", ";"),
    "a long name": repeated("SELECT ", "abc", ";"),
    "a long number": repeated("SELECT ", "123", ";"),
    "a long string": repeated("SELECT '", "abc", "';"),
    "operators": repeated("SELECT 1 ", "-+", ";"),
    "dashes": repeated("SELECT 1 ", "- -", ";"),
    "slashes and stars": repeated("SELECT 1 ", "*/", ";"),
    "no-break spaces": repeated("SELECT 1", "\x0b\u2028\xa0", ";"),
    "semicolons": repeated("SELECT 1", ";"),
    "statements": repeated("", "SELECT 1;\n"),
}

# Headers, notes and code: the input of the loader.
STATEMENTS: dict[str, Text] = {
    "a note of many lines": repeated("", "-- words of a note\n", "SELECT 1;"),
    "blanks in a misspelled header": repeated("-- names", " ", "x\nSELECT 1;"),
    "blanks in a header without its mark": repeated("-- name", " ", "x y\nSELECT 1;"),
    "a long name in a header": repeated("-- name a", "b", " :one x y\nSELECT 1;"),
    "directives": lambda n: listed("-- @param p§ int", n, "\n") + f"\nSELECT {listed(':p§', n)};",
    "parameters": repeated("SELECT 1", ", :a§", ";"),
    "a parameter many times": repeated("SELECT 1", ", :a", ";"),
    "a long parameter": repeated("SELECT :", "abc", ";"),
    "lists": repeated("SELECT 1 FROM t WHERE 1", " AND a IN (:a§)", ";"),
    "subscripts": repeated("SELECT a", "[1:2]", ";"),
    "slices": repeated("SELECT 1", ", a[lo:hi]", ";"),
    "colons": repeated("SELECT 1", ", a :", ";"),
    "casts": repeated("SELECT 1", "::a", ";"),
    "marks of a driver": repeated("SELECT :a", "%(", "aaa;"),
    "a type with brackets": repeated("SELECT :a::", "x(", "1", ")"),
    "FROM in brackets": repeated("SELECT f(1", ", 1 FROM :a§", ");"),
    "brackets": repeated("SELECT ", "(", "1", ")"),
    "brackets that never close": repeated("SELECT ", "(", ";"),
    "sort clauses": repeated("SELECT 1 ", " ORDER BY a", ";"),
    "sort items": repeated("SELECT 1 ORDER BY a", ", a", ";"),
    "nested sort clauses": repeated("SELECT 1 ", " ORDER BY (SELECT 1", "", ")"),
    "brackets in a sort clause": repeated("SELECT 1 ORDER BY ", "(", ":a", ")"),
    "windows": repeated("SELECT 1", ", sum(a) OVER (PARTITION BY a, b ORDER BY c, d)", ";"),
    "strings with colons": repeated("SELECT :a", ", 'x :b :c'", ";"),
    "names after WITH": repeated("WITH ", "a ", ";"),
    "nested expressions that write": repeated("WITH ", "a AS (INSERT", "", ")"),
    "columns of an INSERT": repeated("INSERT INTO t (a", ", a§", ") VALUES (:a) ON CONFLICT (a) DO UPDATE SET a = 1;"),
    "rows of an INSERT": repeated("INSERT INTO t (a) VALUES (:a)", ", (1)", ";"),
    "a trigger's statements": repeated("CREATE TRIGGER t BEGIN ", "SELECT 1; ", "END;"),
    "placeholders": repeated("SELECT 1 ", "? a", ";"),
    "percent signs": repeated("SELECT 1 ", "% s", ";"),
    "letters beyond ASCII": repeated("SELECT 1", "äß", ";"),
    "variables": repeated("SELECT 1 INTO @a", ", @a§", ";"),
    "settings": repeated("SELECT set_config(", "'a', 'b', true), set_config(", "1, 2, true);"),
}

SCRIPTS: dict[str, Text] = {
    "rows to seed": repeated("", "INSERT INTO t (a, b) VALUES (1.5, 'it''s'); -- c\n"),
    "a long INSERT": repeated("INSERT INTO t VALUES (1)", ", (1, 'x')", ";"),
    "comment lines": repeated("", "-- A note; with a semicolon.\n"),
    "words after CREATE": repeated("CREATE ", "a ", ";"),
    "a body": repeated("CREATE TRIGGER t AFTER INSERT ON a BEGIN ", "SELECT CASE WHEN 1 THEN 2 END; ", "END;"),
    "bodies": repeated("", "CREATE TRIGGER t AFTER INSERT ON a BEGIN SELECT 1; END;\n"),
    "a body that never ends": repeated("CREATE TRIGGER t ", "BEGIN SELECT 1; "),
    "lines with a delimiter": repeated("", "DELIMITER //\nSELECT 1//\nDELIMITER ;\nSELECT 2;\n"),
    "another delimiter": repeated("DELIMITER //\n", "SELECT '//', 1 -- //\n//\n"),
    "many delimiters": repeated("", "DELIMITER a\nb a\n"),
    "a name before a delimiter": repeated("", "DELIMITER x;"),
    "modes": repeated("", "SET sql_mode = ''; SET sql_mode = 'NO_BACKSLASH_ESCAPES'; SELECT '\\\\';\n"),
    "modes of one SET": repeated("SELECT '\\\\'; SET ", "@a = @@sql_mode, sql_mode = '', ", "b = 1;"),
    "blocks": repeated("CREATE PROCEDURE p() ", "BEGIN CASE a WHEN 1 THEN ", "SELECT 1;"),
    "rules": repeated("", "CREATE RULE r AS ON INSERT TO a DO (SELECT 1; SELECT (2));\n"),
    "open brackets": repeated("CREATE RULE r AS ", "(;", ";"),
    "commands of a shell": repeated("", "\\restrict a\nSELECT 1 \\g\n"),
    "comments of a shell": repeated("", "# a\n--b\n"),
    "nested comments": repeated("", "/* /* a */ */ "),
    "a long delimiter": repeated("DELIMITER ", "ab", "\nSELECT 1; ababababab"),
}

BOUNDS: dict[str, Text] = {
    "words that need a place": repeated("SELECT ", "GRANT a REVOKE b ", ";"),
    "COPY without an end": repeated("SELECT COPY ", "a ", ";"),
    "CREATE": repeated("", "CREATE OR REPLACE ", ";"),
    "SET STATEMENT": repeated("", "SET STATEMENT a = 1 FOR ", "SELECT 1;"),
    "settings of a statement": repeated("SET ", "a = 1, ", "b = 2;"),
    "names of other databases": repeated("SELECT new.a, ", "new.a, ", "1 FROM t AS new;"),
    "names of one database": repeated("SELECT ", "app.t, ", "1;"),
    "comments for other versions": repeated("SELECT 1 ", "/*!99999 a */ ", ";"),
    "a comment for another version": repeated("SELECT 1 ", "/*!99999 a ", ";"),
    "strings that a function runs": repeated("SELECT ", "f('a'), ", "1;"),
    "a string in a body": repeated("DO $$ BEGIN ", "EXECUTE 'SELECT 1'; ", "END $$;"),
    "statements in a body": repeated("CREATE PROCEDURE p() BEGIN ", "EXECUTE a; PREPARE b FROM c; ", "END;"),
    "routines and calls": lambda n: (
        "CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $$ BEGIN EXECUTE a; END $$;\n"
        + repeated("", "CREATE FUNCTION g§() RETURNS int LANGUAGE plpgsql AS $$ BEGIN h§(); g(); END $$;\n")(n)
        + "SELECT h();\n" * n
    ),
    "a routine's defaults": repeated("CREATE FUNCTION f(a int", ", a§ text DEFAULT 'b§'", ") LANGUAGE sql AS '';"),
}

# The input of the analysis of a statement; its tables are t (a, b) and w (c0 … c59).
QUERIES: dict[str, Text] = {
    "columns": lambda n: f"SELECT {listed('a AS c§', n)} FROM t",
    "columns of one name": lambda n: f"SELECT {listed('a AS c', n)} FROM t",
    "parameters": lambda n: f"SELECT {listed(':p§', n)}",
    "IN a list of parameters": lambda n: f"SELECT 1 FROM t WHERE a IN ({listed(':p§', n)})",
    "IN a list, all parameters": lambda n: f"SELECT 1 FROM t WHERE :q IN ({listed(':p§', n)})",
    "COALESCE of parameters": lambda n: f"SELECT coalesce({listed(':p§', n)})",
    "WHEN branches": lambda n: f"SELECT CASE{listed(' WHEN a = :p§ THEN :q§', n, '')} END FROM t",
    "branches of a simple CASE": lambda n: f"SELECT CASE a{listed(' WHEN :p§ THEN :q§', n, '')} END FROM t",
    "AND": lambda n: f"SELECT a FROM t WHERE {listed('a = :p§', n, ' AND ')}",
    "OR": lambda n: f"SELECT a FROM t WHERE {listed('a = :p§', n, ' OR ')}",
    "rows of values": lambda n: f"SELECT 1 FROM t WHERE ({listed('a', n)}) = ({listed(':p§', n)})",
    "types of one parameter": lambda n: f"SELECT {listed('CAST(:p AS t§)', n)}",
    "rows of an INSERT": lambda n: f"INSERT INTO t (a) VALUES {listed('(:p§)', n)}",
    "assignments": lambda n: f"UPDATE t SET {listed('b = :p§', n)}",
    "assignments of an upsert": lambda n: (
        f"INSERT INTO t (a) VALUES (1) ON CONFLICT (a) DO UPDATE SET {listed('b = excluded.b', n)}"
    ),
    "UNION branches": lambda n: listed("SELECT a FROM t WHERE a = :p", n, " UNION ALL "),
    "branches of an INSERT": lambda n: f"INSERT INTO t (a) {listed('SELECT :p', n, ' UNION ALL ')}",
    "expressions one after the other": lambda n: ctes(n, "SELECT a FROM §", "SELECT a FROM §"),
    "expressions of one": lambda n: ctes(n, "SELECT a FROM c0", "SELECT a FROM §"),
    "recursions": lambda n: (
        f"WITH RECURSIVE {listed('c§ AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM c§)', n)} SELECT 1"
    ),
    "a recursion's columns": lambda n: (
        f"WITH RECURSIVE c ({listed('x§', n)}) AS (SELECT {listed('1', n)}"
        f" UNION ALL SELECT {listed('x†', n - 1)}, NULL FROM c) SELECT x0 FROM c"
    ),
    "joins": lambda n: f"SELECT 1 FROM t AS t0{listed(' JOIN t AS t† ON t†.a = t§.a', n, '')}",
    "outer joins": lambda n: f"SELECT 1 FROM t AS t0{listed(' RIGHT JOIN t AS t† ON t†.a = t§.a', n, '')}",
    "joins USING": lambda n: f"SELECT a FROM t AS t0{listed(' JOIN t AS t† USING (a)', n, '')}",
    "NATURAL joins": lambda n: f"SELECT a FROM t AS t0{listed(' NATURAL JOIN t AS t†', n, '')}",
    "equal columns": lambda n: (
        f"SELECT 1 FROM {listed('t AS t§', n)} WHERE {listed('t§.a = t†.a', n - 1, ' AND ')} AND t{n - 1}.a = 1"
    ),
    "conditions": lambda n: f"SELECT c0 FROM w WHERE {listed('c0 = c1', n, ' AND ')}",
    "stars": lambda n: f"SELECT {listed('*', n)} FROM t",
    "queries as values": lambda n: f"SELECT {listed('(SELECT max(a) FROM t)', n)}",
    "EXISTS": lambda n: f"SELECT 1 FROM t WHERE {listed('EXISTS (SELECT 1 FROM t AS u WHERE u.a = t.a)', n, ' AND ')}",
    "grouping keys": lambda n: f"SELECT {listed('a AS a§', n)} FROM t GROUP BY ROLLUP ({listed('a', n)})",
    "windows": lambda n: f"SELECT {listed('sum(a) OVER (ORDER BY b)', n)} FROM t",
    "comments": lambda n: "/* c */ " * n + "SELECT 1",
    "points in a name": lambda n: "SELECT " + listed('"x"."x"', n) + ', "' + "x." * n + '" FROM t',
}

# With these, each level once doubled the work, so that this number of levels would never end.
NESTED: dict[str, Text] = {
    "comments before the verb": LEXICAL["comments with stars before the verb"],
    "queries as values": repeated("SELECT ", "(SELECT ", "1", ")"),
    "queries in aggregates": repeated("SELECT ", "(SELECT sum(", "1", "))"),
    "aggregates of outer rows": lambda n: (
        f"SELECT {listed('(SELECT sum(t§.a) + ', n, '')}1"
        f"{''.join(f' FROM t AS t{i + 1})' for i in reversed(range(n)))} FROM t AS t0"
    ),
    "queries in IN": repeated("SELECT a FROM t WHERE a IN ", "(SELECT a FROM t WHERE a IN ", "(1)", ")"),
    "queries in FROM": repeated("SELECT *, * FROM ", "(SELECT *, * FROM ", "t", ") AS x"),
    "recursions": lambda n: (
        listed("WITH RECURSIVE c§ (a, b, c) AS (SELECT 1, 2, 3 UNION ALL SELECT b, c, (", n, "")
        + "SELECT 1"
        + "".join(f") FROM c{i}) SELECT a FROM c{i}" for i in reversed(range(n)))
    ),
    "calls that look like types": repeated("SELECT ", "date(char(", "1", "))"),
    "arrays": repeated("SELECT ", "ARRAY[", "1", "]"),
    "WHEN": repeated("SELECT ", "CASE WHEN a THEN ", "1", " END"),
    "brackets": repeated("SELECT ", "(", "1", ")"),
    "expressions that double": lambda n: ctes(n, "SELECT x.a FROM § AS x JOIN § AS y ON x.a = y.a", "SELECT a FROM §"),
}


def doubling_views(count: int) -> Iterable[str]:
    """A table, and views of which each selects twice from the previous one."""
    yield "CREATE TABLE t (a integer NOT NULL);"
    yield "CREATE VIEW v0 AS SELECT a FROM t;"
    for n in range(1, count):
        yield f"CREATE VIEW v{n} AS SELECT x.a FROM v{n - 1} AS x INNER JOIN v{n - 1} AS y ON x.a = y.a;"
