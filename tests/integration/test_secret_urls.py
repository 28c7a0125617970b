"""A secret at any place of a database URL is in no repr, error, log, copy or output of a command."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import URL, make_url

import pydb
from pydb.database.url import displayed_url, parse_url
from pydb.errors import PydbError
from tests.harness.error_cases import SECRET
from tests.harness.projects import project_in
from tests.integration.test_leaks import everything_logged, leaks, leaky_records, words_of

FILES = ("passfile", "sslkey", "sslcert", "sslrootcert", "sslcrl", "sslkeylogfile")
OPTIONS: dict[str, list[dict[str, Any]]] = {
    "sqlite": [
        {name: SECRET} for name in ("key", "hexkey", "textkey", "password", "PASSWORD", "authSource", "token", "cipher")
    ],
    "postgresql": [
        *({name: f"/nowhere/{SECRET}"} for name in FILES),
        *({name: SECRET} for name in ("password", "PASSWORD", "sslpassword", "service", "requirepeer", "krbsrvname")),
        *({name: SECRET} for name in ("oauth_client_secret", "scram_client_key", "init_command", "authSource", "key")),
        *({"options": text} for text in (SECRET, f"-c {SECRET}=1", f"-c work_mem={SECRET}", f"--{SECRET}")),
        {"options": f"-c search_path={SECRET}"},
        {"password": (SECRET, SECRET)},
        {"sslmode": f"require;password={SECRET}"},
        {"application_name": f"shop;sslpassword={SECRET}"},
    ],
    "mariadb": [
        *({name: f"/nowhere/{SECRET}"} for name in ("ssl_ca", "ssl_key", "ssl_cert", "read_default_file")),
        *({name: SECRET} for name in ("password", "passwd", "PASSWORD", "ssl_key_password", "read_default_group")),
        *({name: SECRET} for name in ("sql_mode", "server_public_key", "key", "options", "service", "sslpassword")),
        {"init_command": f"SET @secret = '{SECRET}'"},
        {"init_command": f"SET {SECRET.replace('-', '_')} = 1"},
        {"init_command": f"'{SECRET}'"},
        {"init_command": f"SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = '{SECRET}'"},
        {"init_command": f"SELECT CAST('{SECRET}' AS integer) FROM absent"},
        {"charset": f"utf8mb4;password={SECRET}"},
    ],
}


def words_of_reprs(database: pydb.Database) -> str:
    """All texts that show a database."""
    engine = database.engine
    url = engine.url
    looked_at = (database, vars(database), engine, url, url.query, url.database, engine.pool, engine.dialect)
    return "".join(f"{each!r}{each}" for each in looked_at)


def url_with(url: str, options: dict[str, Any]) -> URL:
    """The URL with the options after its ?; on SQLite as a file: URI, which passes them to SQLite."""
    made = make_url(url)
    if made.get_backend_name() != "sqlite":
        return made.update_query_dict(options)
    return made.set(database=f"file:{made.database}").update_query_dict({"uri": "true", "mode": "rwc", **options})


def test_options(empty_url: str, engine_name: str, caplog: pytest.LogCaptureFixture) -> None:
    """An option that may be secret is in no repr, error, copy of an error, or log of pydb."""
    found = {}
    ways: list[tuple[URL, dict[str, Any]]] = [(url_with(empty_url, options), {}) for options in OPTIONS[engine_name]]
    ways += [(make_url(empty_url), options) for options in OPTIONS[engine_name]]
    for url, arguments in ways:
        given = url.render_as_string(hide_password=False)
        made = pydb.Database(given, echo=True, connect_timeout=2, connect_args=arguments)
        with everything_logged(caplog), made as database:
            said = words_of_reprs(database)
            try:
                with database.begin() as conn:
                    assert conn.exec_driver_sql("SELECT 1").scalar() == 1
            except (
                PydbError,
                TypeError,
                OSError,
                AttributeError,
            ) as error:  # PyMySQL checks some options late, or not at all
                said += words_of(error)
            if leaks(said + words_of_reprs(database)):
                found[f"{url.query} {arguments}"] = said
    assert found == {}
    # At DEBUG, psycopg's own log contains libpq's messages.
    assert [record for record in leaky_records(caplog) if not record.startswith("psycopg ")] == []


@pytest.mark.engines("postgresql", "mariadb")
def test_hidden_options_work(empty_url: str, engine_name: str) -> None:
    """A hidden option is still used."""
    name, value, query = {
        "postgresql": ("options", "-c search_path=hidden", "SHOW search_path"),
        "mariadb": ("init_command", "SET @hidden = 'hidden'", "SELECT @hidden"),
    }[engine_name]
    with pydb.Database(make_url(empty_url).update_query_dict({name: value})) as database, database.read() as conn:
        assert conn.exec_driver_sql(query).scalar() == "hidden"
        assert "hidden" not in words_of_reprs(database)


def test_options_of_a_file_uri(tmp_path: Path) -> None:
    """The options of a SQLite file: URI are hidden too, and the file's name is kept."""
    database = f"file:{tmp_path / 'app.db'}?mode=rwc&key={SECRET}"
    with pydb.Database(URL.create("sqlite", database=database, query={"uri": "true"})) as opened:
        with opened.begin() as conn:
            conn.exec_driver_sql("CREATE TABLE a (b)")
        assert leaks(words_of_reprs(opened)) == []
        assert opened.engine.url.query["mode"] == "rwc"
    assert {file.name for file in tmp_path.iterdir()} <= {
        f"app.db{end}" for end in ("", "-lock", "-queue", "-wal", "-shm")
    }


ODD = [
    f"postgresql+psycopg://user:pa%40{SECRET}@host/name",
    f"postgresql+psycopg://user:{SECRET}@/name?host=/run/postgresql",
    f"postgresql+psycopg://?user=u&password={SECRET}&password={SECRET}&host=127.0.0.1:1&host=127.0.0.2:2",
    f"postgresql+psycopg:///name?host=127.0.0.1,127.0.0.2&port=1,2&PASSWORD={SECRET}",
    f"postgresql+psycopg://user@corp:{SECRET}@host/name",
    f"postgresql+psycopg://user:a:b/c?d#{SECRET}@host/name",
    f"mariadb+pymysql://user:{SECRET}@[::1]:3306/name?unix_socket=/run/mysqld.sock",
    f"sqlite:///file:app.db?uri=true&key={SECRET}",
]
TORN = [
    f"postgresql+psycopg://user:p@{SECRET}@host/name",
    f"postgresql+psycopg://user:p@ss/{SECRET}@host/name",
    f"postgresql+psycopg://user:p@ss:{SECRET}@host/name",
    f"postgresql+psycopg://user:p@host:{SECRET}/name",
    f"postgresql+psycopg://host=a password={SECRET}",
    f"postgresql+psycopg:///host=a password={SECRET}",
    f"postgresql+psycopg://user:{SECRET}",
    f"mariadb+pymysql://user:p@{SECRET}@host/name",
    f"mariadb+pymysql://user:p@host/name?connect_timeout={SECRET}",
    f"mariadb+pymysql://user:p@host/name?compress={SECRET}",
    f"sqlite://user:{SECRET}@/app.db",
    f"sqlite://user:p@host/app.db?key={SECRET}",
    f"sqlite:///app.db?timeout={SECRET}",
    f"sqlite+aiosqlite:///app.db?key={SECRET}",
    f"oracle+{SECRET.replace('-', '_')}://user:p@host/name",
    f"{SECRET}://user:p@host/name",
    f" \n{SECRET}",
]


@pytest.mark.parametrize("url", ODD)
def test_odd_urls(url: str) -> None:
    """A password is hidden in every place from which drivers read it."""
    shown = displayed_url(parse_url(url))
    assert leaks(f"{shown!r}{shown}{shown.query}{shown.host}{shown.database}") == []


@pytest.mark.parametrize("url", TORN)
def test_urls_that_cannot_be_used(url: str) -> None:
    """A URL that cannot be read, or whose password is not quoted, is refused, and no part of it is repeated."""
    with pytest.raises(PydbError) as caught:
        pydb.Database(url)
    assert leaks(words_of(caught.value)) == []
    assert caught.value.hint


def test_names_with_an_at_sign() -> None:
    """A user of the form name@server, and a database whose @ is quoted, are not mistaken for a part of a password."""
    url = parse_url("postgresql+psycopg://name@server:password@host/a%40b")
    assert (url.username, url.host, url.database) == ("name@server", "host", "a@b")
    assert parse_url("sqlite:////home/a@b/x=1.db").database == "/home/a@b/x=1.db"


@pytest.mark.parametrize("where", ["option", "environment", "project"])
@pytest.mark.parametrize("url", [*ODD[:6], *TORN])
def test_commands(
    url: str, where: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """No command repeats a secret of its URL from --db, $DATABASE_URL or pyproject.toml."""
    url = url.replace("@host", "@127.0.0.1:1").replace("host=/run", "host=/nowhere")
    with project_in(tmp_path, monkeypatch, capsys, '[tool.pydb]\nsql = "sql"\nschema = "schema.sql"\n') as project:
        project.write(
            {"sql/a.sql": "-- name: one :one scalar\nSELECT 1;\n", "schema.sql": "CREATE TABLE a (b integer);\n"}
        )
        project.write(
            {f"sql/{engine}/schema.sql": "CREATE TABLE a (b integer);\n" for engine in ("postgresql", "mariadb")}
        )
        place = ("--db", url) if where == "option" else ()
        if where == "environment":
            monkeypatch.setenv("DATABASE_URL", url)
        elif where == "project":
            with (tmp_path / "pyproject.toml").open("a") as settings:
                settings.write(f"url = {url!r}\n".replace("'", '"'))
        for arguments in (("run", "a.one"), ("schema", "apply"), ("check", "--live")):
            done = project.pydb(*arguments, *place)
            assert leaks(done.out + done.err) == []
