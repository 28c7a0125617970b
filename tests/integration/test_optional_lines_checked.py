"""Checks of statements with optional lines on every engine: a mistake is found at its line, and reported once."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

import pydb
from tests.harness.projects import CONFIGURED, GENERATED_KEYS, Project, project_files, project_in, schema_script

WRONG = """\
-- name: search :many scalar
SELECT title
FROM notes
WHERE
    TRUE
    AND author = :author -- if :author
    AND nosuch = :other -- if :other
    AND day >= :since -- if :since
ORDER BY
    title -- if :order = title
    -- missing -- if :order = missing
LIMIT :limit;


-- name: everywhere :many scalar
SELECT nowhere
FROM notes
WHERE
    TRUE
    AND author = :author -- if :author
;


-- name: one :maybe scalar
SELECT title
FROM notes
WHERE
    TRUE
    AND id = :id -- if :id
    AND author = :author -- if :author
;
"""

RIGHT = """\
-- name: search :many
SELECT title, body
FROM notes
WHERE
    TRUE
    AND body IS NOT NULL -- if :has_body = yes
    AND author IN (:authors) -- if :authors
    AND body = :body -- if :body
    AND day >= :since -- if :since
    AND coalesce(:fallback, title) = title -- if :fallback given
LIMIT :limit;
"""


def schema(engine: str) -> str:
    """A schema with one table."""
    return (
        f"CREATE TABLE notes (id {GENERATED_KEYS[engine]}, author varchar(20) NOT NULL, title varchar(40) NOT NULL, "
        "body varchar(40), day date NOT NULL);\n"
    )


def checked(project: Project, engine: str, url: str, text: str) -> list[str]:
    """The lines that check prints for a file of only that engine."""
    project.write(project_files(engine, schema(engine), notes=text))
    done = project.pydb("check", *([] if engine == "sqlite" else ["--db", url]))
    return [line for line in done.out.splitlines() if "C7" not in line]


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Project]:
    """A project without files."""
    with project_in(tmp_path, monkeypatch, capsys, CONFIGURED) as made:
        yield made


def test_what_is_wrong_with_a_line(project: Project, engine_name: str, empty_url: str) -> None:
    """The finding is at the line, names a variant that has it if not all have it, and is reported once."""
    found = checked(project, engine_name, empty_url, WRONG)[:-1]
    places = [line.split(": ")[0].rpartition("notes.sql:")[2].split(":")[0] for line in found]
    assert places == ["7", "11", "16", "25"]
    assert found[0].endswith(", with other")
    assert found[1].endswith(", with order=missing")
    assert "with" not in found[2].partition("nowhere")[2]
    assert "C301" in found[3]
    assert "at most one row, with all optional lines left out" in found[3]


def test_what_is_right(project: Project, engine_name: str, empty_url: str) -> None:
    """A column may be NULL if it may be NULL in one variant; each name has its type and its default."""
    *findings, closing = checked(project, engine_name, empty_url, RIGHT)
    assert findings == []
    assert closing.startswith("1 statement, 32 of 32 variants checked, 1 proven on ")
    done = project.pydb("generate", *([] if engine_name == "sqlite" else ["--db", empty_url]))
    assert done.code == 0, done.out
    text = project.read("app/db/notes.py")
    assert "SearchRow: TypeAlias = Row[str, str | None]" in text
    for line in (
        "    limit: int,",
        "    has_body: SearchHasBody | None = None,",
        "    authors: Collection[str] | None = None,",
        "    body: str | None = None,",
        "    since: date | None = None,",
        "    fallback: str | Absent | None = ABSENT,",
    ):
        assert f"{line}\n" in text


TOTALS = """\
-- name: totals :many
-- @param by_author bool
SELECT
    author, -- if :by_author
    sum(price) AS total
FROM sales
GROUP BY
    author, -- if :by_author
    1 = 1
ORDER BY sum(price);
"""


def test_rows_whose_columns_differ(project: Project, engine_name: str, empty_url: str) -> None:
    """The values of variants are converted by name: a sum of decimals is a Decimal on every engine."""
    table = "CREATE TABLE sales (author varchar(20) NOT NULL, price numeric(8, 2) NOT NULL CHECK (price < 100));\n"
    project.write({**project_files(engine_name, table, sales=TOTALS), "app/__init__.py": ""})
    done = project.pydb("generate", *([] if engine_name == "sqlite" else ["--db", empty_url]))
    assert done.code == 0, done.out
    with project.imported() as package, pydb.Database(empty_url) as database:
        database.apply(project.folder / schema_script(engine_name))
        with database.begin() as conn:
            conn.exec_driver_sql("INSERT INTO sales VALUES ('a', 1.10), ('b', 2.20)")
            assert [tuple(row) for row in package.sales.totals(conn)] == [(Decimal("3.30"),)]
            rows = [tuple(row) for row in package.sales.totals(conn, by_author=True)]
            assert rows == [("a", Decimal("1.10")), ("b", Decimal("2.20"))]
            assert all(type(total) is Decimal for _, total in rows)
