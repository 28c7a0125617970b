"""Database URLs: accepted URLs, and the parts that are shown."""

from __future__ import annotations

import pytest

from pydb.database.url import displayed_url, parse_url
from pydb.errors import PydbError


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("not a url", "the database URL cannot be read"),
        ("postgresql+psycopg://me:p@ss@host/app", "the database URL has an @ or = in its host or database name"),
        ("nowhere://me@host/app", "SQLAlchemy has no such dialect or driver"),
        ("sqlite+aiosqlite:///app.db", "sqlite+aiosqlite is an asynchronous driver, and Database is not"),
        ("postgresql+psycopg://host/app?port=many", "the database URL has a part that its driver does not accept"),
    ],
)
def test_refused_urls(url: str, message: str) -> None:
    """The error about a wrong URL says what is wrong, with a hint, and repeats no secret of the URL."""
    with pytest.raises(PydbError) as caught:
        parse_url(url)
    assert caught.value.message == message
    assert caught.value.hint
    assert caught.value.__context__ is None


def test_options_that_are_shown() -> None:
    """Options that are known to be harmless are shown, and all others are hidden."""
    url = parse_url(
        "postgresql+psycopg://me:hunter2@host/app?connect_timeout=3&sslpassword=hunter2&application_name=web"
    )
    shown = displayed_url(url)
    assert dict(shown.query) == {"connect_timeout": "3", "application_name": "web"}
    assert "hunter2" not in repr(shown)


def test_a_torn_option_is_not_shown() -> None:
    """A value that contains = is an option without its &, which may be a secret."""
    url = parse_url("postgresql+psycopg://me@host/app?application_name=web%26password%3Dhunter2")
    assert dict(displayed_url(url).query) == {}


def test_options_of_a_file_uri() -> None:
    """Options in SQLite's file: URI are treated like those of the URL."""
    shown = displayed_url(parse_url("sqlite:///file:app.db?key=hunter2&mode=ro&uri=true"))
    assert "hunter2" not in repr(shown)
    assert shown.query["mode"] == "ro"
