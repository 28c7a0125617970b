"""Check a database URL: the caller's URL in, the checked URL and the URL that may be shown out.

No error contains a part of the URL, and neither does its cause or context.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Mapping
from urllib.parse import parse_qsl

from sqlalchemy import exc
from sqlalchemy.engine import URL, Dialect, make_url

from pydb.engines.base import rules_for
from pydb.errors import OptionError, PydbError

__all__ = ["displayed_url", "parse_url"]

_DISPLAYED = frozenset(
    (
        # https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-PARAMKEYWORDS
        *("host", "hostaddr", "port", "user", "application_name", "client_encoding", "connect_timeout"),
        *("keepalives", "keepalives_idle", "keepalives_interval", "keepalives_count", "tcp_user_timeout"),
        *("sslmode", "sslnegotiation", "ssl_min_protocol_version", "ssl_max_protocol_version", "gssencmode"),
        *("channel_binding", "require_auth", "target_session_attrs", "load_balance_hosts"),
        # https://pymysql.readthedocs.io/en/latest/modules/connections.html
        *("charset", "collation", "read_timeout", "write_timeout", "unix_socket", "local_infile", "use_unicode"),
        *("compress", "ssl_disabled", "ssl_verify_cert", "ssl_verify_identity", "ssl_check_hostname"),
        # https://sqlite.org/uri.html and the arguments of sqlite3.connect
        *("mode", "cache", "immutable", "nolock", "psow", "vfs", "uri", "timeout", "isolation_level"),
        *("detect_types", "check_same_thread", "cached_statements"),
    )
)
"""The options that contain no secret.  All other options are hidden: drivers have many, and some accept any text."""

_CREDENTIALS = re.compile(r"[\w+]+://(?:[^:/]*(?::[^@]*)?@)?")
"""The part of a URL that SQLAlchemy reads as the user and the password."""

_DRIVERS = "one of postgresql+psycopg, mariadb+pymysql, or sqlite"
_FORMS = "write dialect+driver://user:password@host/database, or sqlite:///file.db"


def parse_url(given: str | URL, *, asynchronous: bool = False) -> URL:
    """The URL.  Raises OptionError for a text that is not a URL, or that its dialect does not accept.

    An ``asynchronous`` URL gets the engine's asynchronous driver if it names none.
    """
    url = _read(given)
    if url is None:
        raise OptionError("the database URL cannot be read", hint=_FORMS)
    if isinstance(given, str) and not _names_file(url) and _is_torn(given):
        hint = "in a password write @ as %40: urllib.parse.quote(password, safe='')"
        raise OptionError("the database URL has an @ or = in its host or database name", hint=hint)
    if asynchronous:
        url = _with_driver(url)
    dialect = _dialect_of(url, asynchronous)
    if dialect is None:
        old = url.drivername.partition("+")[0] in ("postgres", "pgsql")
        hint = "write postgresql+psycopg://… instead of postgres://…" if old else _DRIVERS
        raise OptionError("SQLAlchemy has no such dialect or driver", hint=hint)
    if asynchronous:
        _check_asynchronous(url)
    elif dialect.is_async:
        hint = f"use AsyncDatabase, or {_DRIVERS}"
        raise OptionError(f"{url.drivername} is an asynchronous driver, and Database is not", hint=hint)
    _check_hosts(url)
    if not _is_fit(url, dialect):
        hint = f"check the options after the ?, or {_FORMS}"
        raise OptionError("the database URL has a part that its driver does not accept", hint=hint)
    return url


# The errors are raised outside the handlers, so that no exception with the URL's text becomes their context.


def _read(given: str | URL) -> URL | None:
    try:
        return make_url(given)
    except (exc.ArgumentError, ValueError):
        return None


def _names_file(url: URL) -> bool:
    """Whether the engine's URLs contain the path of a file, in which an @ has no meaning."""
    try:
        return rules_for(url.get_backend_name()).names_files
    except PydbError:
        return False


def _is_torn(text: str) -> bool:
    """Whether a password contains an @: then messages would show the rest of the password as the host."""
    text = text.partition("?")[0]
    credentials = _CREDENTIALS.match(text)
    return credentials is not None and not {"@", "="}.isdisjoint(text[credentials.end() :])


def _check_hosts(url: URL) -> None:
    rules = rules_for(url.get_backend_name())
    repeated = [name for name, value in url.query.items() if not isinstance(value, str)]
    hosts = any("," in host for host in (url.host or "", url.query.get("host", "")) if isinstance(host, str))
    if rules.several_hosts or rules.names_files or not (repeated or hosts):
        return
    if hosts or "host" in repeated:
        hint = "name one server, or a proxy that knows them all"
        raise OptionError(
            f"the database URL names several hosts, and the driver of {rules.product} takes one", hint=hint
        )
    raise OptionError("the database URL gives an option twice", hint=_FORMS)


def _dialect_of(url: URL, asynchronous: bool) -> type[Dialect] | None:
    try:
        return url.get_dialect(_is_async=asynchronous)
    except exc.ArgumentError:
        return None


def _with_driver(url: URL) -> URL:
    """The URL, with the engine's asynchronous driver if it names only a dialect."""
    if "+" in url.drivername or _dialect_of(url, False) is None:
        return url
    driver = rules_for(url.get_backend_name()).asynchronous_driver
    return url if driver is None else url.set(drivername=f"{url.drivername}+{driver.partition('+')[2]}")


def _check_asynchronous(url: URL) -> None:
    rules = rules_for(url.get_backend_name())
    if rules.asynchronous_driver is None:
        raise OptionError(f"pydb has no asynchronous driver for {rules.product}", hint="use Database")
    if url.get_driver_name() != rules.asynchronous_driver.partition("+")[2]:
        hint = f"write {rules.asynchronous_driver}://…, or {url.get_backend_name()}://… for the default driver"
        raise OptionError(f"AsyncDatabase does not use the driver of {url.drivername}", hint=hint)


def _is_fit(url: URL, dialect: type[Dialect]) -> bool:
    try:
        with warnings.catch_warnings(record=True) as given:
            warnings.simplefilter("always")
            dialect().create_connect_args(url)
    except ImportError:
        return True  # a driver that is not installed has its own error
    except Exception:
        return False
    # The dialect of SQLite ignores an option that it does not know.
    return not any("Query string argument" in str(warning.message) for warning in given)


def displayed_url(url: URL) -> URL:
    """The URL without the options that may be secret: what ``repr(engine)`` and messages show."""
    query: Mapping[str, str | tuple[str, ...]] = url.query
    database = url.database
    if database is not None and database.startswith("file:"):
        # A file: URI of SQLite may contain options, for example the key of an encrypted file.
        database, _, options = database.partition("?")
        query = {**dict(parse_qsl(options)), **query}
    return url.set(
        database=database, query={name: value for name, value in query.items() if _is_displayed(name, value)}
    )


def _is_displayed(name: str, value: str | tuple[str, ...]) -> bool:
    # A = in a value means that the & of another option is missing.
    return name in _DISPLAYED and not any("=" in part for part in ((value,) if isinstance(value, str) else value))
