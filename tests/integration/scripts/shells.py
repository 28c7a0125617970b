# ruff: noqa: E501  the scripts are data
"""Scripts that a shell and pydb must make the same of: those of one engine, and pieces to put together at random.

``§`` is a number that no other piece of the script has.  What a shell refuses is here, too.
"""

from __future__ import annotations

import random
from collections.abc import Iterator

SHARED = [
    "CREATE TABLE meetings (event varchar(9), begin date);\nCREATE TABLE rooms (id integer);",
    "CREATE TABLE event (begin integer);\nCREATE TABLE function_ (event integer, begin_ integer);",
    "CREATE TABLE a (x integer)",
    "CREATE TABLE a (x integer);;;\n;CREATE TABLE b (x integer);",
    "-- A comment; with a semicolon, and it's quote.\nCREATE TABLE a (x integer);",
    "/* a comment; it's \"one */ CREATE TABLE a (x integer); /* ; */ -- end",
    "CREATE /* ; */ TABLE -- ;\n a (x integer -- ;'\n);\nCREATE TABLE b (x integer);",
    "CREATE TABLE a (x varchar(99) DEFAULT 'a;b', y varchar(9) DEFAULT 'it''s; ''', z integer);\nCREATE TABLE b (x integer);",
    'CREATE TABLE "a;b" ("c;""d" integer);\nCREATE TABLE b (x integer);',
    "CREATE TABLE a (x varchar(99));\nINSERT INTO a VALUES ('BEGIN'); INSERT INTO a VALUES ('END;');\nCREATE TABLE b (x integer);",
    "CREATE TABLE a (x varchar(99));\nINSERT INTO a VALUES ('two\nlines;\n-- no comment\n/* none */');\nCREATE TABLE b (x integer);",
    "CREATE TABLE a (x varchar(99));\nINSERT INTO a VALUES ('100%'), ('%s %(a)s'), (':x'), ('?'), ('$1');",
    "CREATE TABLE a (x integer);\nCREATE VIEW v AS SELECT CASE WHEN x = 1 THEN 2 ELSE 3 END AS y FROM a;\nCREATE TABLE b (x integer);",
    "CREATE TABLE a (x integer);\r\nCREATE TABLE b (\r\n  x integer\r\n);\r\n-- end\r\n",
    "\ufeffCREATE TABLE a (x integer);\nCREATE TABLE b (x integer);",
    "\ufeff-- A comment.\nCREATE TABLE a (x integer);",
    "CREATE TABLE a (x integer);\nCREATE TABLE a (x integer);\nCREATE TABLE b (x integer);",
    "CREATE TABLE a (x integer);\nCREATE TABEL b (x integer);",
    "CREATE TABLE a (x varchar(9) DEFAULT 'never closed);\nCREATE TABLE b (x integer);",
    "",
    "-- Nothing.\n",
    "/* Nothing; */",
    "CREATE TABLE a (x integer);\n/* a\nb */\nCREATE TABLE b (x integer); /* c */",
    "CREATE TABLE déjà (été integer, \"naïve;\" varchar(9) DEFAULT '日本;');\nCREATE TABLE b (x integer);",
    "CREATE TABLE a (x integer); CREATE TABLE b (x integer); INSERT INTO a VALUES (1); INSERT INTO b SELECT x FROM a;",
    "create table a (x integer);CREATE TABLE b (x integer)\n;\n\n  ;CREATE\nTABLE\nc (x integer)\n\n",
    "--\n--  A box\n--\n\nCREATE TABLE a (x integer);\n--\nCREATE TABLE b (x integer);\n--",
    "CREATE TABLE a (x integer) -- no semicolon",
    "CREATE TABLE a (x integer);\n-- it''s; 'a\nCREATE TABLE b (x integer);\n-- \"\nCREATE TABLE c (x integer);",
]

SQLITE = [
    "CREATE TABLE a (x);\nCREATE TRIGGER t AFTER INSERT ON a BEGIN UPDATE a SET x = 1; DELETE FROM a WHERE x = 2; END;\nCREATE TABLE b (x);",
    "CREATE TABLE a (x);\nCREATE TEMP TRIGGER t AFTER INSERT ON a BEGIN SELECT 1; END; CREATE TABLE b (x);",
    "CREATE TABLE a (x);\nCREATE TRIGGER IF NOT EXISTS t AFTER INSERT ON a WHEN new.x > 1 BEGIN SELECT CASE WHEN new.x THEN 1 END; END ; CREATE TABLE b (x);",
    "CREATE TABLE a (begin, end, event, trigger);\nCREATE TRIGGER begin AFTER UPDATE OF end ON a BEGIN UPDATE a SET end = begin; SELECT end FROM a; END;\nCREATE TABLE b (x);",
    "CREATE TABLE trigger (begin); CREATE TABLE b (end);\nCREATE INDEX begin ON trigger (begin); CREATE TABLE c (x);",
    "CREATE TABLE a (x);\nCREATE TRIGGER t AFTER INSERT ON a BEGIN SELECT 'END;'; -- END;\nSELECT 2 /* ; END; */;\nEND -- done\n;\nCREATE TABLE b (x);",
    "CREATE TABLE a (x);\nCREATE TRIGGER t AFTER INSERT ON a BEGIN SELECT 1; END\n",
    "CREATE TABLE a (x);\nCREATE TRIGGER t AFTER INSERT ON a BEGIN SELECT 1;\nCREATE TABLE b (x);",
    "CREATE TABLE a (x);\nCREATE TRIGGER t AFTER INSERT ON a BEGIN END;\nCREATE TABLE b (x);",
    "CREATE TABLE a (x);\nCREATE TRIGGER t AFTER INSERT ON a; CREATE TABLE b (x);",
    'CREATE TABLE [a;b] (`c;d`, "e;f");\nCREATE TABLE b (x);',
    "# A comment of the shell; it's one.\nCREATE TABLE a (x);\n# Another;\n#\nCREATE TABLE b (x);",
    "#!/usr/bin/sqlite3\nCREATE TABLE a (x);",
    "CREATE TABLE a (x\n# no comment here\n);\nCREATE TABLE b (x);",
    "CREATE TABLE a (x); /* never closed; CREATE TABLE b (x);",
    "CREATE TABLE a (x) /* never closed; CREATE TABLE b (x);",
    "/* /* no nesting */ CREATE TABLE a (x); /* ; */",
    "CREATE TABLE a (x, y AS (x || ';') STORED, CHECK (x <> ';'));\nCREATE UNIQUE INDEX i ON a (x) WHERE x <> ';';",
    "CREATE TABLE a (x) WITHOUT ROWID;\nCREATE TABLE b (x);",
    "CREATE TABLE a (x INTEGER PRIMARY KEY) STRICT;\nPRAGMA user_version = 7;",
    "CREATE TABLE IF NOT EXISTS a (x);\nINSERT INTO a VALUES (x'3b'), (1e3), (.5), ('\\'), ('\\\\;');\nCREATE TABLE b (x);",
    "CREATE VIEW v AS WITH RECURSIVE c (n) AS (VALUES (1) UNION ALL SELECT n + 1 FROM c WHERE n < 5) SELECT n FROM c;\nCREATE TABLE b (x);",
    "EXPLAIN CREATE TABLE a (x);\nCREATE TABLE b (x);",
    "CREATE TABLE a (x);\nEXPLAIN CREATE TRIGGER t AFTER INSERT ON a BEGIN SELECT 1; END;\nCREATE TABLE b (x);",
    'CREATE TABLE a (x);\nCREATE TRIGGER "BEGIN" INSTEAD OF INSERT ON a BEGIN SELECT 1; END;',
    "CREATE TABLE a (x);\nCREATE VIEW v AS SELECT x FROM a;\nCREATE TRIGGER t INSTEAD OF INSERT ON v BEGIN INSERT INTO a VALUES (new.x); END;\nINSERT INTO v VALUES (3);",
    "CREATE TABLE a (x);\nCREATE TRIGGER t AFTER INSERT ON a BEGIN SELECT RAISE(IGNORE) WHERE new.x = 1; INSERT INTO a VALUES ('END'); END; INSERT INTO a VALUES (1);",
    "CREATE TABLE a (x);\nALTER TABLE a ADD COLUMN end integer DEFAULT (1); ALTER TABLE a RENAME TO begin; CREATE TABLE b (x);",
    "CREATE VIRTUAL TABLE f USING fts5(body, tokenize = 'porter');\nINSERT INTO f VALUES ('a; b');\nCREATE TABLE b (x);",
    "CREATE TABLE a (x);\nREPLACE INTO a VALUES (1); UPDATE a SET x = ';'; DELETE FROM a WHERE x = 'a;'; ANALYZE; REINDEX;",
    "SAVEPOINT s; CREATE TABLE a (x); RELEASE s; CREATE TABLE b (x);",
    "CREATE TABLE a (x);\nCREATE TRIGGER t AFTER INSERT ON a BEGIN SELECT 1;; END;",
    'CREATE TABLE create_ (x); CREATE TABLE a ("create", trigger, x); CREATE TABLE b (x);',
    "CREATE TABLE a (x); INSERT INTO a SELECT 1 WHERE 'it''s;' = 'x' OR x = ';' LIMIT 1;",
    "WITH a AS (SELECT 1) SELECT 1; CREATE TABLE b (x); VALUES (1); VALUES (';');",
]

POSTGRESQL = [
    "CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $$ BEGIN RETURN 1; END; $$;\nCREATE TABLE b (x int);",
    "CREATE OR REPLACE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $a$ BEGIN RETURN length($$;$$); END; $a$;\nCREATE TABLE b (x int);",
    "CREATE FUNCTION f() RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT 1; SELECT CASE WHEN true THEN 2 END; END;\nCREATE TABLE b (x int);",
    "CREATE OR REPLACE PROCEDURE p() LANGUAGE sql BEGIN ATOMIC SELECT 1; SELECT 2; END; CREATE TABLE b (x int);",
    "create function f() returns int language sql begin atomic; select 1; end;\ncreate table b (x int);",
    "CREATE FUNCTION f(a int) RETURNS int LANGUAGE sql RETURN a + 1;\nCREATE TABLE b (x int);",
    "CREATE FUNCTION f() RETURNS TABLE (begin date, \"end\" date) LANGUAGE sql AS 'SELECT now()::date, now()::date; SELECT now()::date, now()::date';\nCREATE TABLE b (x int);",
    "CREATE FUNCTION begin() RETURNS int LANGUAGE sql AS 'SELECT 1';\nCREATE TABLE b (x int);",
    "CREATE TABLE a (x int);\nCREATE RULE r AS ON INSERT TO a DO ALSO (DELETE FROM a WHERE x = 1; DELETE FROM a WHERE x = 2);\nCREATE TABLE b (x int);",
    "CREATE TABLE a (x int);\nCREATE OR REPLACE RULE r AS ON UPDATE TO a DO INSTEAD (SELECT 1; (SELECT 2););\nCREATE TABLE b (x int);",
    "CREATE TABLE a (x int);\nCREATE RULE r AS ON INSERT TO a DO INSTEAD NOTHING; CREATE TABLE b (x int);",
    "CREATE TABLE a (x int);\nCREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN new; END $$;\nCREATE TRIGGER t BEFORE INSERT ON a FOR EACH ROW EXECUTE FUNCTION f();\nCREATE TABLE b (x int);",
    "CREATE TABLE trigger (begin int, event int);\nCREATE TABLE function (event int, begin int);\nCREATE TABLE procedure (begin int);",
    "CREATE TABLE a (begin int);\nCREATE FUNCTION f() RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT (a.begin) FROM a; SELECT 2; END;",
    "DO $$ BEGIN PERFORM 1; PERFORM ';'; END $$; CREATE TABLE b (x int);",
    "DO LANGUAGE plpgsql 'BEGIN PERFORM 1; END'; CREATE TABLE b (x int);",
    "CREATE TABLE a (x text DEFAULT E'it\\'s;', y text DEFAULT E'\\\\', z text DEFAULT '\\');\nCREATE TABLE b (x int);",
    "CREATE TABLE a (x text DEFAULT U&'\\0041;', y text DEFAULT $$it's;$$, z text DEFAULT $a$ $b$ ; $a$);\nCREATE TABLE b (x int);",
    "CREATE TABLE a (x text DEFAULT 'one;'\n  'two;');\nCREATE TABLE b (x bit(3) DEFAULT B'101', y text DEFAULT N'n;');",
    "/* a /* nested; */ still; */ CREATE TABLE a (x int);\nCREATE TABLE b (x int);",
    "CREATE TABLE a (x int /* one /* two; */ ; */);\nCREATE TABLE b (x int);",
    "CREATE TABLE a (x int); /* never closed; CREATE TABLE b (x int);",
    "CREATE TABLE a$b (x$1 int);\nCREATE TABLE b (x int);",
    "CREATE TABLE a (x int[] DEFAULT '{1,2}', y int DEFAULT 1, CHECK (x[1:2] <> '{3}'));\nCREATE TABLE b (x int);",
    "CREATE TYPE mood AS ENUM ('a;b', 'it''s');\nCREATE DOMAIN d AS text CHECK (VALUE <> ';');\nCREATE TABLE a (x mood, y d);",
    "CREATE SCHEMA s CREATE TABLE a (x int) CREATE VIEW v AS SELECT x FROM a;\nCREATE TABLE b (x int);",
    "CREATE TABLE a (x int); COMMENT ON TABLE a IS 'a; comment'; COMMENT ON COLUMN a.x IS $$x; 'y'$$;\nCREATE TABLE b (x int);",
    "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS $_$ SELECT $$a;$$::text IS NULL; SELECT 1 $_$;\nCREATE TABLE b (x int);",
    "CREATE OPERATOR === (LEFTARG = int, RIGHTARG = int, FUNCTION = int4eq);\nCREATE TABLE b (x int);",
    "CREATE AGGREGATE total (int) (SFUNC = int4pl, STYPE = int, INITCOND = '0');\nCREATE TABLE b (x int);",
    "CREATE TABLE a (x int);\nALTER TABLE a ENABLE ROW LEVEL SECURITY; CREATE POLICY p ON a USING (x = 1 OR ';' = 'a');\nCREATE TABLE b (x int);",
    "CREATE TABLE a (x int GENERATED BY DEFAULT AS IDENTITY, y int GENERATED ALWAYS AS (x + 1) STORED) PARTITION BY RANGE (x);\nCREATE TABLE b PARTITION OF a FOR VALUES FROM (1) TO (2);",
    "SET search_path = public; CREATE SCHEMA s; SET search_path TO s; CREATE TABLE a (x int); SELECT set_config('search_path', 'public', false); CREATE TABLE b (x int);",
    "SELECT pg_catalog.set_config('search_path', '', false);\nCREATE TABLE public.a (x integer);\nALTER TABLE ONLY public.a ADD CONSTRAINT a_pkey PRIMARY KEY (x);",
    "\\restrict abcDEF123\nCREATE TABLE a (x int);\n\\unrestrict abcDEF123\n",
    "-- A dump\n\n\\restrict Zx9\n\n-- It's; one.\nSET statement_timeout = 0;\nSET client_encoding = 'UTF8';\nSELECT pg_catalog.set_config('search_path', '', false);\nCREATE TABLE public.a (x text);\nINSERT INTO public.a VALUES ('\\unrestrict ;');\n\n\\unrestrict Zx9\n",
    "CREATE TABLE a (x int);\nCREATE FUNCTION f(x int DEFAULT (CASE WHEN true THEN 1 END)) RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT CASE x WHEN 1 THEN (SELECT CASE WHEN false THEN 1 ELSE 2 END) END; END;\nCREATE TABLE b (x int);",
    "CREATE TABLE a (x int CHECK (x > 0;\nCREATE TABLE b (x int);",
    "CREATE TABLE a (x int));\nCREATE TABLE b (x int);",
    "CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $$ BEGIN RETURN 1; END; \nCREATE TABLE b (x int);",
    'CREATE FUNCTION "begin"("end" int) RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT "end"; END; CREATE TABLE b (x int);',
    "CREATE FUNCTION f() RETURNS void LANGUAGE sql BEGIN ATOMIC END;\nCREATE TABLE b (x int);",
    "CREATE VIEW begin AS SELECT 1 AS x;\nCREATE MATERIALIZED VIEW event AS SELECT 2 AS begin; CREATE TABLE b (x int);",
    "CREATE SEQUENCE begin; ALTER SEQUENCE begin RESTART 5; CREATE TABLE b (x int DEFAULT nextval('begin'));",
    "CREATE TABLE a (x jsonb DEFAULT '{\"a\": \";\"}');\nCREATE INDEX i ON a ((x -> 'a')) WHERE x ? 'a';\nCREATE INDEX j ON a ((x #>> '{a}'));",
    "CREATE EXTENSION IF NOT EXISTS plpgsql;\nCREATE TABLE b (x int);",
]

MARIADB = [
    "DELIMITER //\nCREATE PROCEDURE p() BEGIN SELECT 1; SELECT ';//'; END//\nDELIMITER ;\nCREATE TABLE b (x int);",
    "DELIMITER $$\nCREATE FUNCTION f() RETURNS int DETERMINISTIC BEGIN DECLARE x int; SET x = 1; RETURN x; END$$\nCREATE TABLE a (x int)$$\nDELIMITER ;\nCREATE TABLE b (x int);",
    "delimiter ;;\ncreate procedure p()\nbegin\n  select 1; -- one;;\n  select 2;\nend ;;\ndelimiter ;\ncreate table b (x int);",
    "DELIMITER // -- a remark\nCREATE TABLE a (x int)//\nDELIMITER ; -- back\nCREATE TABLE b (x int);",
    "CREATE TABLE a (x int);\nCREATE TRIGGER t BEFORE INSERT ON a FOR EACH ROW SET NEW.x = 1;\nCREATE TABLE b (x int);",
    "CREATE TABLE a (begin int, end int);\nCREATE TRIGGER t BEFORE INSERT ON a FOR EACH ROW SET NEW.begin = NEW.end;\nCREATE TABLE b (x int);",
    "CREATE PROCEDURE p() BEGIN END;\nCREATE TABLE b (x int);",
    "CREATE PROCEDURE begin(event int, begin int) SELECT begin;\nCREATE TABLE b (x int);",
    "CREATE FUNCTION f(begin int) RETURNS int DETERMINISTIC RETURN begin;\nCREATE TABLE b (x int);",
    "CREATE FUNCTION f(a int) RETURNS int DETERMINISTIC RETURN CASE a WHEN 1 THEN 2 ELSE 3 END;\nCREATE TABLE b (x int);",
    "CREATE TABLE event (begin int, end int, procedure_ int);\nCREATE TABLE function (event int, begin int);\nCREATE TABLE b (x int);",
    "CREATE EVENT e ON SCHEDULE EVERY 1 DAY DO SELECT 1;\nCREATE TABLE b (x int);",
    "CREATE EVENT begin ON SCHEDULE AT '2099-01-01' + INTERVAL 1 DAY ON COMPLETION PRESERVE DISABLE DO UPDATE a SET begin = 1;\nCREATE TABLE b (x int);",
    "# A comment; it's one.\nCREATE TABLE a (x int); # Another;\nCREATE TABLE b (x int);",
    "--no space; it's a comment\nCREATE TABLE a (x int);\n-----------------\nCREATE TABLE b (x int);\n--x",
    "CREATE TABLE a (x int DEFAULT (5--1));\nCREATE TABLE b (x int);",
    "CREATE TABLE `a;b` (`c;d` int, `e``f;` int);\nCREATE TABLE b (x int);",
    "/*!40101 SET @a = 1 */;\n/*!50003 CREATE TABLE a (x int) */;\n/*!99999 CREATE TABLE c (x int) */;\nCREATE TABLE b (x int);",
    "/*M!100000 CREATE TABLE a (x int) */;\n/*!100100 CREATE TABLE c (x int) */;\nCREATE TABLE b (x int /*!40000 , y int */ /*M!999999 , z int */);",
    "/*M!999999\\- enable the sandbox mode */ \nCREATE TABLE a (x int);",
    "CREATE TABLE a (x varchar(20) DEFAULT 'a\\b', y varchar(20) DEFAULT 'C:\\\\');\nCREATE TABLE b (x int);",
    "SET sql_mode = '';\nCREATE TABLE a (x varchar(20) DEFAULT 'it\\'s;', y varchar(9) DEFAULT \"a;\\\"b\");\nCREATE TABLE b (x int);",
    "/*!40101 SET @OLD_SQL_MODE=@@SQL_MODE, SQL_MODE='NO_AUTO_VALUE_ON_ZERO' */;\nCREATE TABLE a (x varchar(20));\nINSERT INTO a VALUES ('it\\'s; \\\\'),('b\\\";');\n/*!40101 SET SQL_MODE=@OLD_SQL_MODE */;\nINSERT INTO a VALUES ('C:\\\\;');\nCREATE TABLE b (x int);",
    "SET SESSION sql_mode = CONCAT(@@sql_mode, ',NO_ZERO_DATE');\nCREATE TABLE a (x varchar(20) DEFAULT 'a;');\nCREATE TABLE b (x int);",
    "SET @saved = @@sql_mode;\nSET sql_mode = 'ANSI_QUOTES';\nDELIMITER ;;\nCREATE PROCEDURE p() BEGIN SELECT 'it\\'s;;'; END ;;\nDELIMITER ;\nSET sql_mode = @saved;\nCREATE TABLE b (x int);",
    "SET FOREIGN_KEY_CHECKS = 0;\nCREATE TABLE a (x int, CONSTRAINT f FOREIGN KEY (x) REFERENCES b (x));\nCREATE TABLE b (x int PRIMARY KEY);\nSET FOREIGN_KEY_CHECKS = 1;",
    "DELIMITER //\nCREATE TABLE a (x varchar(9) DEFAULT '//') // CREATE TABLE b (x int) //\n/* // */ CREATE TABLE c (x int) -- //\n//\n# //\nCREATE TABLE d (x int)",
    "DELIMITER |\nCREATE TABLE a (x int, y int)|\nCREATE PROCEDURE p() BEGIN SELECT 1; END|\nDELIMITER ;\n",
    "/*\nDELIMITER //\n*/\nCREATE TABLE a (x int);\nCREATE TABLE b (x varchar(99) DEFAULT '\nDELIMITER //\n');\nCREATE TABLE c (x int);",
    "CREATE TABLE a (x int,\ndelimiter int\n);\nCREATE TABLE b (x int);",
    "DELIMITER //\nCREATE PROCEDURE p()\nBEGIN\n  DECLARE EXIT HANDLER FOR SQLEXCEPTION BEGIN SELECT 1; END;\n  l: LOOP LEAVE l; END LOOP;\n  IF 1 THEN SELECT 1; ELSE SELECT 2; END IF;\n  CASE 1 WHEN 1 THEN SELECT 1; END CASE;\n  WHILE 0 DO SELECT 1; END WHILE;\nEND//\nDELIMITER ;\nCREATE TABLE b (x int);",
    "DELIMITER //\nCREATE TABLE a (x int)//\nCREATE TRIGGER t AFTER INSERT ON a FOR EACH ROW BEGIN DECLARE y int; SET y = 1; END//\nDELIMITER ;\nINSERT INTO a VALUES (1);",
    "CREATE TABLE a (x int);\nCREATE VIEW v AS SELECT x AS begin, x AS end FROM a;\nCREATE TABLE b (x int);",
    "CREATE SEQUENCE s START WITH 5;\nCREATE TABLE a (x int DEFAULT (NEXT VALUE FOR s), y int AS (x + 1) STORED, CHECK (y <> 7));",
    "CREATE TABLE a (x int) COMMENT = 'a; it''s' ENGINE = InnoDB;\nALTER TABLE a ADD COLUMN begin int COMMENT ';', ADD INDEX i (begin);\nCREATE TABLE b (x int);",
    "LOCK TABLES;\nCREATE TABLE a (x int);",
    "CREATE TABLE a (x int);\nLOCK TABLES a WRITE;\nINSERT INTO a VALUES (1);\nUNLOCK TABLES;\nCREATE TABLE b (x int);",
    "CREATE TABLE a (x int); /* never closed; CREATE TABLE b (x int);",
    "DELIMITER //\nCREATE TABLE a (x varchar(9) DEFAULT 'never closed)//\nDELIMITER ;\nCREATE TABLE b (x int);",
    "CREATE DEFINER = CURRENT_USER PROCEDURE p() SELECT ';';\nCREATE DEFINER = CURRENT_USER() TRIGGER t BEFORE INSERT ON a FOR EACH ROW SET NEW.x = 1;",
    "CREATE OR REPLACE TABLE a (x int);\nCREATE TABLE IF NOT EXISTS a (x int); CREATE TABLE b LIKE a; INSERT INTO b VALUES (NULL), (\\N);",
    "DELIMITER //\nCREATE TABLE a (x int); //\nCREATE TABLE b (x int)//",
    "DELIMITER //\n\n\n//\n-- nothing\n//\nCREATE TABLE b (x int)//\nDELIMITER ;",
]

OWN = {"sqlite": SQLITE, "postgresql": POSTGRESQL, "mariadb": MARIADB}


def scripts_of(engine: str) -> list[str]:
    """The engine's own scripts, and those that all engines read."""
    return [*SHARED, *OWN[engine]]


_PIECES = {
    "shared": [
        "CREATE TABLE t§ (begin integer, event varchar(9))",
        "CREATE TABLE t§ (x varchar(99) DEFAULT ';', y varchar(99) DEFAULT 'it''s; -- /*')",
        'CREATE TABLE "t;§" ("a;""b" integer)',
        "CREATE TABLE t§ (x integer /* ; ' */, y integer -- ; '\n)",
        "CREATE VIEW v§ AS SELECT CASE WHEN 1 = 1 THEN 'END;' ELSE 'BEGIN' END AS begin_",
        "CREATE TABLE trigger_§ (x integer)",
        "CREATE TABLE event§ (event integer, begin integer)",
        "CREATE TABLE t§ (x varchar(99) DEFAULT '\n;\n')",
    ],
    "sqlite": [
        "CREATE TABLE [t;§] (`a;b`, trigger, end, begin)",
        "CREATE TABLE t§ (x); CREATE TRIGGER g§ AFTER INSERT ON t§ BEGIN SELECT CASE WHEN 1 THEN 2 END; SELECT 'END;'; END",
        "CREATE TABLE t§ (end); CREATE TEMPORARY TRIGGER g§ AFTER DELETE ON t§\nBEGIN\n  SELECT end FROM t§; -- END;\nEND",
        "CREATE TABLE t§ (begin); CREATE TRIGGER IF NOT EXISTS begin§ UPDATE OF begin ON t§ BEGIN UPDATE t§ SET begin = 1; END",
        "CREATE INDEX IF NOT EXISTS i§ ON sqlite_nothing (x)",
    ],
    "postgresql": [
        "CREATE FUNCTION f§() RETURNS int LANGUAGE plpgsql AS $b$ BEGIN RETURN 1; END; $b$",
        "CREATE FUNCTION f§() RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT 1; SELECT CASE WHEN true THEN 1 END; END",
        "CREATE OR REPLACE PROCEDURE p§(begin int) LANGUAGE sql BEGIN ATOMIC SELECT 1; SELECT 2; END",
        "CREATE TABLE t§ (x int); CREATE RULE r§ AS ON DELETE TO t§ DO ALSO (SELECT 1; SELECT (2))",
        "DO $$ BEGIN PERFORM ';'; END $$",
        "CREATE TABLE t§ (x text DEFAULT E'\\';', y text DEFAULT $q$'; $$ $q$)",
        "/* a /* b; */ c; */ CREATE TABLE t§ (x int)",
        "CREATE FUNCTION f§() RETURNS TABLE (begin int) LANGUAGE sql AS 'SELECT 1; SELECT 2'",
        "CREATE TABLE t§ (x int CHECK (x > ((1))), y int))",
    ],
    "mariadb": [
        "CREATE TABLE t§ (begin int, end int); CREATE TRIGGER g§ BEFORE INSERT ON t§ FOR EACH ROW SET NEW.begin = NEW.end",
        "CREATE TABLE `t;§` (x int) # ; '\n",
        "\nDELIMITER //\nCREATE PROCEDURE p§() BEGIN SELECT '//'; SELECT 2; END//\nDELIMITER ;\nCREATE TABLE t§ (x int)",
        "\nDELIMITER $$\nCREATE FUNCTION f§() RETURNS int DETERMINISTIC BEGIN RETURN 1; END $$\nDELIMITER ;\nSELECT 1",
        "CREATE FUNCTION f§() RETURNS int DETERMINISTIC RETURN CASE 1 WHEN 1 THEN 2 END",
        "CREATE PROCEDURE p§(begin int) SELECT begin",
        "CREATE EVENT e§ ON SCHEDULE EVERY 1 DAY DISABLE DO DELETE FROM t WHERE begin = 1",
        "/*!50001 CREATE TABLE t§ (x int) */",
        "CREATE TABLE t§ (x varchar(9) DEFAULT 'a\\b')",
    ],
}
_BETWEEN = {
    "shared": [
        "\n",
        " ",
        "\n\n",
        "\r\n",
        "\n-- a comment; it's one\n",
        " /* ; ' */ ",
        "\n/*\n;\n*/\n",
        ";",
        "\n--\n",
        "\t",
    ],
    "sqlite": ["\n# it's; one\n"],
    "postgresql": ["/* /* ; */ ' */"],
    "mariadb": ["\n# it's; one\n", "\n--it's; one\n", "\n----------\n", "/*!99999 it is one */"],
}


def random_scripts(engine: str, count: int, seed: int) -> Iterator[str]:
    """Scripts of pieces in a random order, with comments and white space between them."""
    chance = random.Random(f"{engine} {seed}")
    pieces, between = ([*table["shared"], *table[engine]] for table in (_PIECES, _BETWEEN))
    for _ in range(count):
        script = chance.choice(["", "", "", "\ufeff"])
        for number in range(chance.randint(2, 6)):
            script += chance.choice(between) + chance.choice(pieces).replace("§", str(number)) + ";"
        yield script + chance.choice(between)
