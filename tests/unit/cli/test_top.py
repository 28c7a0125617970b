"""``pydb top`` without a server; tests/integration/test_top.py uses servers with statistics."""

from tests.harness.projects import Project

SCHEMA = "CREATE TABLE t (id integer);\n"


def test_a_file_that_is_not_there(project: Project) -> None:
    """A wrong path does not create a database."""
    project.write({"sql/t.sql": "-- name: x :many\nSELECT id FROM t;\n"})
    done = project.pydb("top", "--db", "sqlite:///nosuch.db")
    assert done.code == 2
    assert "the database nosuch.db does not exist" in done.err
    assert not (project.folder / "nosuch.db").exists()


def test_an_engine_that_counts_nothing(project: Project) -> None:
    """On SQLite nothing is shown, and the hint says where the time of a call is logged."""
    project.write({"sql/t.sql": "-- name: x :many\nSELECT id FROM t;\n", "schema.sql": SCHEMA})
    assert project.pydb("schema", "apply", "--db", "sqlite:///t.db").code == 0
    for format_ in ("text", "json"):
        done = project.pydb("top", "--db", "sqlite:///t.db", "--format", format_)
        assert (done.code, done.out) == (2, "")
        assert done.err.startswith("pydb: SQLite keeps no statistics of statements    hint: ")
