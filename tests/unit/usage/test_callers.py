"""The callers of a statement's function, found by imports."""

from __future__ import annotations

from pathlib import Path

import pydb.sample
from pydb.sqlfile.loader import read
from pydb.usage.callers import find_callers
from pydb.usage.package_names import package_names

NAMES = package_names("pydb.sample", Path(pydb.sample.__file__).parent, read("sql", None))

APPLICATION = """
import asyncio
import pydb
import pydb.sample.users as people
from pydb.sample import User, reports, users
from pydb.sample.users import by_email as find

queries = pydb.load("sql")


def sign_in(conn, email):
    return find(conn, email=email)


class Service:
    def rename(self, conn, id):
        user = users.by_id(conn, id=id)
        if user:
            user.update_email(conn, email="x")

    async def run(self, conn):
        await conn.run_sync(users.list_all)


def typed(conn, user: User):
    user.deactivate(conn)
    for one in people.list_all(conn):
        one.update_role(conn, role=None)
    return [each.delete(conn) for each in queries.users.list_all(conn)]


def others(conn, anything, users):
    users.by_username(conn, username="x")
    anything.update_email(conn, email="x")
    queries[anything](conn)


reports.authors.posts_per_author(conn)
"""


def write(folder: Path, **files: str) -> Path:
    """Write a package with these modules."""
    app = folder / "app"
    app.mkdir()
    (app / "__init__.py").touch()
    for name, text in files.items():
        (app / f"{name}.py").write_text(text)
    return folder


def test_callers(tmp_path: Path) -> None:
    """Calls of functions and methods of known records, and functions that are passed on, are found."""
    found = find_callers([write(tmp_path, service=APPLICATION)], NAMES)
    places = {name: [(caller.line, caller.function) for caller in callers] for name, callers in found.callers.items()}
    assert places == {
        "reports.authors.posts_per_author": [(38, "")],
        "users.by_email": [(12, "sign_in")],
        "users.by_id": [(17, "Service.rename")],
        "users.deactivate": [(26, "typed")],
        "users.delete": [(29, "typed")],
        "users.list_all": [(22, "Service.run"), (27, "typed"), (29, "typed")],
        "users.update_email": [(19, "Service.rename")],
        "users.update_role": [(28, "typed")],
    }
    # A parameter hides the module with its name, and nothing is reported about unknown objects.
    assert [caller.line for caller in found.unresolved] == [34, 35]


def test_through_a_module_of_the_application(tmp_path: Path) -> None:
    """A name that another module of the application imports is followed, also by a relative import."""
    folder = write(
        tmp_path,
        zz="from pydb.sample import users\nimport pydb\nqueries = pydb.load('sql')\n",
        main="from .zz import users, queries\n\ndef f(conn):\n    users.first(conn)\n    queries.users.last(conn)\n",
        star="from pydb.sample.users import *\nfirst\n",
    )
    found = find_callers([folder], NAMES).callers
    assert {name: [caller.line for caller in callers] for name, callers in found.items()} == {
        "users.first": [4, 2],
        "users.last": [5],
    }


def test_asynchronous_functions(tmp_path: Path) -> None:
    """The functions in the package's ``aio`` belong to the same statements, however they are imported."""
    folder = write(
        tmp_path,
        main="from pydb.sample.aio import users\nfrom pydb.sample import aio\nimport pydb.sample.aio.tags as t\n"
        "from pydb.sample.aio.books import by_id\n\nasync def f(conn):\n    user = await users.by_id(conn, id=1)\n"
        "    await conn.run_sync(user.deactivate)\n    await aio.cars.by_id(conn, id=1)\n    await t.by_id(conn)\n"
        "    return await by_id(conn, id=1)\n",
    )
    found = find_callers([folder], NAMES).callers
    assert {name: [caller.line for caller in callers] for name, callers in found.items()} == {
        "books.by_id": [11],
        "cars.by_id": [9],
        "tags.by_id": [10],
        "users.by_id": [7],
        "users.deactivate": [8],
    }


def test_a_file_that_is_not_python(tmp_path: Path) -> None:
    """A file that cannot be parsed is listed."""
    found = find_callers([write(tmp_path, broken="users.by_id (:")], NAMES)
    assert [Path(file).name for file in found.unreadable] == ["broken.py"]
    assert found.files == 2
