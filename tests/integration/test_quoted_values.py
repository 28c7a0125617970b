"""Expressions for which a server repeats a value in its message: no text of pydb contains the value."""

from __future__ import annotations

import pickle
import traceback
from pathlib import Path

import pytest
from sqlalchemy import text

import pydb
from pydb.errors import DatabaseError, PydbError

pytestmark = pytest.mark.deep

VALUE = 'hunter2" of "x\' y'
SIMPLE = "hunterpassword"

POSTGRESQL = """
CAST(CAST(:q AS text) AS integer)
CAST(CAST(:q AS text) AS bigint)
CAST(CAST(:q AS text) AS numeric)
CAST(CAST(:q AS text) AS double precision)
CAST(CAST(:q AS text) AS boolean)
CAST(CAST(:q AS text) AS uuid)
CAST(CAST(:q AS text) AS date)
CAST(CAST(:q AS text) AS time)
CAST(CAST(:q AS text) AS timestamptz)
CAST(CAST(:q AS text) AS interval)
CAST(CAST(:q AS text) AS json)
CAST(CAST(:q AS text) AS jsonb)
CAST(CAST(:q AS text) AS xml)
CAST(CAST(:q AS text) AS inet)
CAST(CAST(:q AS text) AS macaddr)
CAST(CAST(:q AS text) AS bit(8))
CAST(CAST(:q AS text) AS money)
CAST(CAST(:q AS text) AS point)
CAST(CAST(:q AS text) AS integer[])
CAST('{' || CAST(:q AS text) AS text[])
CAST(CAST(:q AS text) AS int4range)
CAST('[' || CAST(:q AS text) || ',2)' AS int4range)
CAST(CAST(:q AS text) AS mood)
CAST(CAST(:q AS text) AS regclass)
CAST(CAST(:q AS text) AS regtype)
CAST(CAST(:q AS text) AS regproc)
CAST(CAST(:q AS text) AS regprocedure)
CAST(CAST(:q AS text) AS regoper)
CAST(CAST(:q AS text) AS regoperator)
CAST(CAST(:q AS text) AS regrole)
CAST(CAST(:q AS text) AS regnamespace)
CAST(CAST(:q AS text) AS regconfig)
CAST(CAST(:q AS text) AS pg_lsn)
CAST(CAST(:q AS text) AS jsonpath)
CAST(CAST(:q AS text) AS bytea)
to_tsquery(CAST(:q AS text) || ' & | (')
to_tsvector(CAST(CAST(:q AS text) AS regconfig), 'a')
set_config(:q, 'x', true)
set_config('timezone', :q, true)
set_config('work_mem', :q, true)
set_config('DateStyle', :q, true)
current_setting(:q)
nextval(CAST(:q AS text))
to_date(:q, 'YYYY-MM-DD')
to_number(:q, '999')
to_timestamp(:q, 'HH24:MI')
decode(:q, 'hex')
decode('ab', :q)
encode('ab', :q)
convert_to('a', :q)
date_trunc(:q, now())
extract(epoch FROM now()) + date_part(:q, now())
now() AT TIME ZONE CAST(:q AS text)
'a' ~ ('(' || CAST(:q AS text))
regexp_replace('a', 'a', 'b', :q)
format('%' || CAST(:q AS text), 1)
has_table_privilege(:q, 'select')
has_table_privilege('pg_class', :q)
pg_read_file(:q)
xpath(CAST(:q AS text), CAST('<a/>' AS xml))
jsonb_path_query('{}', CAST(CAST(:q AS text) AS jsonpath))
to_regtype(CAST(:q AS text) || '(((')
"""

MARIADB = """
CAST(json_extract(:q, '$.a') AS char)
json_extract('{}', :q)
json_value('{}', :q)
json_set('{}', :q, 1)
json_contains(:q, '1')
json_merge(:q, '{}')
extractvalue('<a/>', :q)
updatexml('<a/>', :q, 'b')
'a' REGEXP concat('(', :q)
regexp_replace('a', concat('[', :q), 'b')
st_geomfromtext(:q)
convert_tz(now(), :q, 'x') + 9223372036854775807 * length(:q)
9223372036854775807 * length(:q)
exp(length(:q) * 1000)
(SELECT id FROM moods WHERE id = (SELECT id FROM moods WHERE :q <> 'a'))
column_get(:q, 'a' AS int)
column_create(:q)
uuid_short() + 18446744073709551615 * length(:q)
nextval(`nosuch`) + :q
aes_encrypt(:q)
nosuch(:q)
password(:q, 1)
:q.nosuch
"""
MARIADB_STATEMENTS = """
INSERT INTO moods (id) VALUES (:q)
INSERT INTO moods (mood) VALUES (:q)
INSERT INTO moods (day) VALUES (:q)
INSERT INTO moods (moment) VALUES (:q)
INSERT INTO moods (clock) VALUES (:q)
INSERT INTO moods (price) VALUES (:q)
INSERT INTO moods (short) VALUES (concat(:q, :q, :q))
INSERT INTO moods (doc) VALUES (:q)
INSERT INTO moods (num) VALUES (:q)
INSERT INTO moods (bits) VALUES (:q)
INSERT INTO moods (code) VALUES (:q)
INSERT INTO moods (address) VALUES (:q)
INSERT INTO moods (ident) VALUES (:q)
INSERT INTO moods (id) VALUES (CAST(:q AS integer))
INSERT INTO moods (id, short) VALUES (1, :q), (1, :q)
UPDATE moods SET price = 1 / :q
UPDATE moods SET id = :q + 1
UPDATE moods SET day = str_to_date(:q, '%Y')
DELETE FROM moods WHERE id = :q + 0 AND day = CAST(:q AS date)
SET time_zone = :q
SET sql_mode = :q
SET character_set_client = :q
SET @@lc_messages = :q
EXECUTE IMMEDIATE :q
EXECUTE IMMEDIATE concat('SELECT * FROM `', :q, '`')
EXECUTE IMMEDIATE concat('SELECT ', :q, '()')
CALL fail(:q)
KILL :q
"""

SQLITE = """
json(:q)
json_extract(:q, '$.a')
json_extract('{}', :q)
json_set('{}', :q, 1)
json_each.value FROM json_each(:q)
json_each.value FROM json_each('{}', :q)
json_array_length(:q)
json_type('{}', :q)
json_remove('{}', :q)
json_object(:q)
json_patch(:q, '{}')
'a' LIKE 'b' ESCAPE :q
'a' REGEXP :q
'a' MATCH :q
load_extension(:q)
nosuch(:q)
:q COLLATE nosuch
fts3_tokenizer(:q)
abs(-9223372036854775808) + length(:q)
name FROM pragma_table_info(:q, :q, :q)
words FROM notes WHERE notes MATCH :q
words FROM notes WHERE notes MATCH '"' || :q
words FROM notes WHERE words MATCH 'nosuch:' || :q
words FROM notes WHERE notes MATCH :q || ' NEAR/x ('
highlight(notes, :q, 'a') FROM notes
substr(:q, 1) FROM nosuch
zeroblob(99999999999 + length(:q))
1 LIMIT :q
1 LIMIT 1 OFFSET :q
ntile(:q) OVER ()
nth_value(1, :q) OVER ()
printf('%*d', 99999999999, :q)
"""
SQLITE_STATEMENTS = """
ATTACH :q AS other
ATTACH ':memory:' AS :q
DETACH :q
VACUUM INTO :q
INSERT INTO moods (id) VALUES (:q)
INSERT INTO strict_moods (id) VALUES (:q)
INSERT INTO notes (notes) VALUES (:q)
INSERT INTO notes (notes, rank) VALUES (:q, 1)
INSERT INTO notes (rowid, words) VALUES (:q, 'a')
INSERT INTO moods (mood) VALUES (:q)
INSERT INTO moods (id, mood) VALUES (1, :q), (1, :q)
UPDATE moods SET nosuch = :q
INSERT INTO moods (price) VALUES (:q)
CREATE TABLE copy AS SELECT * FROM nosuch WHERE id = :q
"""

TABLES = {
    "sqlite": [
        "CREATE TABLE moods (id integer PRIMARY KEY, mood text CHECK (mood = 'ok'), price integer CHECK (price > 'x'))",
        "CREATE TABLE strict_moods (id integer) STRICT",
        "CREATE VIRTUAL TABLE notes USING fts5(words)",
        "CREATE TRIGGER guard BEFORE INSERT ON moods WHEN new.price > 'a' BEGIN SELECT raise(ABORT, 'hunter2'); END",
    ],
    "postgresql": ["CREATE TYPE mood AS ENUM ('ok')"],
    "mariadb": [
        "CREATE TABLE moods (id int PRIMARY KEY, mood enum('ok'), day date, moment datetime, clock time, "
        "price decimal(3, 1), short varchar(10), doc json CHECK (json_valid(doc)), num double, bits bit(3), "
        "code smallint, address inet6, ident uuid)",
        "CREATE PROCEDURE fail(q text) SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = q",
    ],
}
EXPRESSIONS = {"sqlite": SQLITE, "postgresql": POSTGRESQL, "mariadb": MARIADB}
STATEMENTS = {"sqlite": SQLITE_STATEMENTS, "postgresql": "", "mariadb": MARIADB_STATEMENTS}


def shown(error: BaseException) -> str:
    """All texts of an error that can be seen, in this process and in another one."""
    copy = pickle.loads(pickle.dumps(error))
    texts = (str(error), repr(error), str(copy), repr(copy), repr(copy.__dict__), *traceback.format_exception(error))
    return "\n".join(texts)


@pytest.mark.parametrize("value", [VALUE, SIMPLE, "hunter2.secret", "907060504030201"])
def test_values_stay_out_of_messages(
    empty_db: pydb.Database, engine_name: str, value: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever the server quotes, the value is in no message, traceback or pickle."""
    monkeypatch.chdir(tmp_path)  # SQLite would create files with these names
    with empty_db.begin() as conn:
        for statement in TABLES[engine_name]:
            conn.exec_driver_sql(statement)
    sql = [f"SELECT {line}" for line in EXPRESSIONS[engine_name].strip().splitlines()]
    sql += STATEMENTS[engine_name].strip().splitlines()
    told, refused = {}, 0
    for statement in sql:
        try:
            with empty_db.begin() as conn:
                conn.execute(text(statement), {"q": value}).close()
                conn.rollback()
        except PydbError as error:
            refused += isinstance(error, DatabaseError)
            everything = shown(error)
            if any(part in everything for part in (value, "hunter2", SIMPLE, "secret", "907060504030201")):
                told[statement] = str(error)
    assert not told, "\n".join(f"{statement}: {message}" for statement, message in told.items())
    assert refused >= 20 or value != VALUE, f"only {refused} were refused"
