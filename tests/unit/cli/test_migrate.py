"""``pydb migrate`` on SQLite."""

from __future__ import annotations

import pytest

from tests.harness.projects import Project

FRESH = ("--db", "sqlite:///fresh.db")


@pytest.fixture
def migrations(project: Project) -> Project:
    """A project with two migrations."""
    project.write(
        {
            "migrations/0001_first.sql": "CREATE TABLE t (id integer);\n",
            "migrations/0002_second.sql": "ALTER TABLE t ADD COLUMN a text;\n",
            "migrations/0002_second.down.sql": "ALTER TABLE t DROP COLUMN a;\n",
        }
    )
    return project


def test_migrate(migrations: Project) -> None:
    """Each migration is reported, and then their number; later there is nothing to apply."""
    done = migrations.pydb("migrate", *FRESH)
    assert (done.code, done.out) == (0, "")
    assert done.err == "applied 0001_first\napplied 0002_second\napplied 2 migrations to sqlite:///fresh.db\n"
    assert migrations.pydb("migrate", *FRESH).err == "nothing to apply\n"


def test_dry_run(migrations: Project) -> None:
    """--dry-run prints a script and runs nothing."""
    done = migrations.pydb("migrate", *FRESH, "--dry-run", "--to", "1")
    assert (done.code, done.out) == (0, "-- migrations/0001_first.sql\nCREATE TABLE t (id integer);\n\n")
    assert done.err == "would apply 1 migration to sqlite:///fresh.db\n"
    assert migrations.pydb("migrate", "status", *FRESH).code == 1
    assert not (migrations.folder / "fresh.db").exists()
    done = migrations.pydb("migrate", "down", "--to", "0", *FRESH)
    assert (done.code, done.err) == (
        2,
        "pydb: the database fresh.db does not exist    hint: `pydb migrate` creates it\n",
    )


def test_status(migrations: Project) -> None:
    """Status lists the states and what is wrong, and its exit code is not 0 if the database is behind."""
    migrations.pydb("migrate", *FRESH, "--to", "1")
    done = migrations.pydb("migrate", *FRESH, "status")
    assert done.code == 1
    assert done.out.splitlines()[1].startswith("0001_first\tapplied\t20")
    assert done.out.splitlines()[2] == "0002_second\tpending\t\\N"
    assert done.err == "2 migrations: 1 applied, 1 pending\n"
    migrations.write({"migrations/0001_first.sql": "CREATE TABLE other (id integer);\n"})
    done = migrations.pydb("migrate", "status", *FRESH)
    assert "0001_first\tedited" in done.out
    assert "migrations/0001_first.sql: the file was changed after it was applied" in done.err
    done = migrations.pydb("migrate", *FRESH)
    assert (done.code, done.out) == (1, "")
    assert done.err.startswith("pydb: migrations/0001_first.sql: the file was changed")


def test_status_of_a_whole_database(migrations: Project) -> None:
    """Status exits with code 0 if all migrations are applied."""
    migrations.pydb("migrate", *FRESH)
    assert migrations.pydb("migrate", "status", *FRESH).code == 0


def test_down(migrations: Project) -> None:
    """Down undoes a migration that has a down file."""
    migrations.pydb("migrate", *FRESH)
    done = migrations.pydb("migrate", "down", "--to", "1", *FRESH)
    assert (done.code, done.err) == (0, "undone 0002_second\nundid 1 migration in sqlite:///fresh.db\n")
    assert migrations.pydb("migrate", "down", "--to", "0", *FRESH).code == 1
    assert migrations.pydb("migrate", "down", "--to", "1", *FRESH).err == "nothing to undo\n"


def test_options_of_another_command(migrations: Project) -> None:
    """--to and --dry-run before a subcommand, which would ignore them, are refused."""
    done = migrations.pydb("migrate", "--dry-run", "status", *FRESH)
    assert done.code == 2
    assert "write --to and --dry-run after status" in done.err


def test_another_folder(migrations: Project) -> None:
    """--migrations and [tool.pydb] name the folder."""
    (migrations.folder / "migrations").rename(migrations.folder / "steps")
    assert "the folder does not exist" in migrations.pydb("migrate", *FRESH).err
    assert migrations.pydb("migrate", "--migrations", "steps", *FRESH).code == 0
    migrations.write({"pyproject.toml": migrations.read("pyproject.toml") + 'migrations = "steps"\n'})
    assert migrations.pydb("migrate", "status", *FRESH).code == 0


@pytest.mark.deep
def test_draft_check_and_baseline(project: Project) -> None:
    """The first draft is the schema script, a baseline records it, and a later draft has the changes since then."""
    done = project.pydb("migrate", "draft", "first")
    assert (done.code, done.err) == (0, "sqlite: migrations/0001_first.sql\n")
    done = project.pydb("migrate", "check")
    assert (done.code, "migrations/0001_first.sql:1: C611 the migration is a draft" in done.out) == (1, True)
    project.write({"migrations/0001_first.sql": project.read("schema.sql")})
    assert project.pydb("migrate", "baseline").err == "recorded 1 migration as applied in sqlite:///app.db\n"
    assert (
        project.pydb("migrate", "draft", "none").err
        == "sqlite: the migrations already lead to the schema of schema.sql\n"
    )
    project.write({"schema.sql": project.read("schema.sql").replace("name text NOT NULL", "name text NULL")})
    done = project.pydb("migrate", "check")
    assert done.code == 1
    assert "schema.sql:3: C612 the migrations create column users.name differently" in done.out
    assert "migrations replayed: 1 on sqlite; not checked: postgresql (it has no schema script)" in done.out
    assert project.pydb("migrate", "draft", "2").code == 0
    draft = project.read("migrations/0002_2.sql")
    assert "CREATE TABLE pydb_new_users" in draft
    project.write({"migrations/0002_2.sql": draft.partition("\n")[2]})
    assert project.pydb("migrate", "check").code == 0
    assert project.pydb("migrate").code == 0


def test_on_a_terminal(migrations: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a terminal, the running statement is shown and removed again; each finished migration stays."""
    migrations.write({"migrations/0001_first.sql": "CREATE TABLE [bold] (id integer);\n"})
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    monkeypatch.setenv("TERM", "xterm")
    done = migrations.pydb("migrate", *FRESH, "--to", "1")
    assert done.code == 0
    assert "0001_first: statement 1 of 1, line 1: CREATE TABLE [bold]" in done.err
    assert "applied 0001_first\n" in done.err
