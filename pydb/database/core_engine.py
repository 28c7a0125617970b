"""Make SQLAlchemy's engine: a checked URL and the options of ``Database`` in, the engine or an OptionError out.

SQLAlchemy and the drivers refuse options with exceptions of many classes, when the engine is made or when it connects.
Their texts may contain parts of the URL, so none of these exceptions leaves this module.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import Engine, create_engine, exc
from sqlalchemy.engine import URL

from pydb.engines.base import Rules, Settings
from pydb.engines.patience import AsyncPatientPool, PatientPool
from pydb.errors import OptionError, PydbError
from pydb.support.escapes import listed, shortened

__all__ = ["make_engine"]

_UNKNOWN = re.compile(r"'([a-z]\w{0,39})'")
_POOL = ("pool_size", "max_overflow", "pool_timeout", "poolclass")
_PARAMSTYLES = ("qmark", "numeric", "numeric_dollar", "named", "format", "pyformat")
_LOGGING = {"hide_parameters": True, "logging_name": "pydb", "pool_logging_name": "pydb"}
_REFUSALS = (TypeError, ValueError, KeyError, AttributeError, ImportError, exc.SQLAlchemyError)


def make_engine(
    rules: Rules,
    url: URL,
    settings: Settings,
    options: Mapping[str, Any],
    *,
    echo: bool,
    pool_size: int,
    pool_timeout: float,
    asynchronous: bool = False,
) -> Engine:
    """The engine.  ``options`` are the caller's options, which override pydb's.  Raises OptionError.

    An ``asynchronous`` engine is the ``sync_engine`` of an AsyncEngine.
    """
    if not _is_count(pool_size) or not isinstance(pool_timeout, (int, float)):
        raise OptionError("pool_size must be a number of connections, and pool_timeout a number of seconds")
    level = options.get("isolation_level")
    if isinstance(level, str) and level.upper() == "AUTOCOMMIT":
        hint = 'set it on one connection: db.connect().execution_options(isolation_level="AUTOCOMMIT")'
        raise OptionError("begin() cannot roll back under AUTOCOMMIT", hint=hint)
    if options.get("paramstyle") not in (None, *_PARAMSTYLES):
        raise OptionError("SQLAlchemy does not have this paramstyle", hint=f"one of {', '.join(_PARAMSTYLES)}")
    given = options.get("connect_args", {})
    if not isinstance(given, Mapping):
        raise OptionError("connect_args is not a mapping", hint='connect_args={"name": value}')
    pool = AsyncPatientPool if asynchronous else PatientPool
    sizes = {"poolclass": pool, "pool_size": pool_size, "pool_timeout": pool_timeout}
    merged = {**sizes, **_LOGGING, **rules.create_engine_options(url, settings)}
    if "poolclass" in options or "pool" in options:
        # The caller's pool class has its own size and timeout.
        merged = {name: value for name, value in merged.items() if name not in _POOL}
    connect_args = rules.merge_connect_args(merged.pop("connect_args", {}), given, url)
    merged |= {**options, "connect_args": connect_args}
    engine: Engine | PydbError
    try:
        engine = _asynchronous_engine(url, echo, merged) if asynchronous else create_engine(url, echo=echo, **merged)
    except _REFUSALS as refusal:
        engine = _refused(rules, url, options, refusal)
    if isinstance(engine, PydbError):
        raise engine  # raised here, so that the driver's exception is not its context
    if isinstance(level, str):
        known = engine.dialect.get_isolation_level_values(None)  # type: ignore[arg-type]
        if level.replace("_", " ").upper() not in known:
            raise _no_level(rules, level, known)
    engine.pool._creator = _guarded(rules, engine.pool._invoke_creator, {*given, *url.query})
    return engine


def _asynchronous_engine(url: URL, echo: bool, options: Mapping[str, Any]) -> Engine:
    from sqlalchemy.ext.asyncio import create_async_engine

    return create_async_engine(url, echo=echo, **options).sync_engine


def _is_count(number: object) -> bool:
    return isinstance(number, int) and not isinstance(number, bool) and number >= 0


def _refused(rules: Rules, url: URL, options: Mapping[str, Any], refusal: Exception) -> OptionError:
    if isinstance(refusal, ImportError):
        return _no_driver(rules, url, refusal)
    text = str(refusal).partition(" sent to")[0]
    unknown = [name for name in _UNKNOWN.findall(text) if name in options]
    if unknown:
        message = f"create_engine does not take {', '.join(unknown)} here"
    else:
        message = f"create_engine refuses one of the options {listed(options)}"
    hint = (
        "https://docs.sqlalchemy.org/en/21/core/engines.html lists them; options of the driver belong in connect_args"
    )
    return OptionError(message, hint=hint)


def _no_level(rules: Rules, level: str, known: Sequence[str]) -> OptionError:
    names = ", ".join(name for name in known if name != "AUTOCOMMIT")
    return OptionError(f"{rules.product} has no isolation level '{shortened(level)}'", hint=f"one of {names}")


def _no_driver(rules: Rules, url: URL, refusal: ImportError) -> OptionError:
    module = shortened(refusal.name or url.get_driver_name())
    install = f"pip install 'pydb[{rules.name}]'"
    hint = install if url.drivername == rules.driver else f"write {rules.driver}://… and {install}"
    if url.drivername == rules.asynchronous_driver != rules.driver:
        hint = "pip install 'pydb[async]'"
    elif rules.names_files:
        hint = "write sqlite:///file.db: its driver is Python's own"
    return OptionError(f"the driver of {url.drivername} cannot be imported: module {module}", hint=hint)


def _guarded(rules: Rules, connect: Callable[[Any], Any], names: set[str]) -> Callable[..., Any]:
    """Wrap the pool's connect function: an option that the driver does not know becomes an OptionError."""

    def connect_or_say_why(connection_record: Any = None) -> Any:
        try:
            return connect(connection_record)
        except PydbError:
            raise
        except (TypeError, ValueError, KeyError, AttributeError, ImportError) as refusal:
            kind = type(refusal).__name__
            unknown = [name for name in _UNKNOWN.findall(str(refusal)) if name in names]
        # Raised outside of the handler: the exception's text may contain parts of the URL.
        if unknown:
            message = f"the driver has no option {unknown[0]}"
        else:
            message = f"{rules.product}'s driver cannot connect with these options: it raised {kind}"
        raise OptionError(message, hint="check the options after the ? of the URL, and connect_args")

    return connect_or_say_why
