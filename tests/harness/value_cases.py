"""The values of the matrix: what each is, its column, and the engines that refuse it by name."""

from __future__ import annotations

import enum
import math
import sys
import uuid
from collections import OrderedDict, namedtuple
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from fractions import Fraction
from typing import Any, NewType

from pydb import AwareDatetime

SQLITE, POSTGRESQL, MARIADB = "sqlite", "postgresql", "mariadb"
EVERY = frozenset({SQLITE, POSTGRESQL, MARIADB})
NONE: frozenset[str] = frozenset()

COLUMNS = {
    "integer": {SQLITE: "bigint", POSTGRESQL: "bigint", MARIADB: "bigint"},
    "real": {SQLITE: "real", POSTGRESQL: "double precision", MARIADB: "double"},
    "text": {SQLITE: "text", POSTGRESQL: "text", MARIADB: "longtext"},
    "boolean": {SQLITE: "boolean", POSTGRESQL: "boolean", MARIADB: "boolean"},
    "binary": {SQLITE: "blob", POSTGRESQL: "bytea", MARIADB: "longblob"},
    "decimal": {SQLITE: "numeric", POSTGRESQL: "numeric", MARIADB: "decimal(65, 25)"},
    "money": {SQLITE: "numeric(10, 2)", POSTGRESQL: "numeric(10, 2)", MARIADB: "decimal(10, 2)"},
    "naive": {SQLITE: "timestamp", POSTGRESQL: "timestamp", MARIADB: "datetime(6)"},
    "instant": {SQLITE: "timestamptz", POSTGRESQL: "timestamptz", MARIADB: "datetime(6)"},
    "date": {SQLITE: "date", POSTGRESQL: "date", MARIADB: "date"},
    "time": {SQLITE: "time", POSTGRESQL: "time", MARIADB: "time(6)"},
    "duration": {SQLITE: "interval", POSTGRESQL: "interval", MARIADB: "time(6)"},
    "uuid": {SQLITE: "uuid", POSTGRESQL: "uuid", MARIADB: "uuid"},
    "json": {SQLITE: "json", POSTGRESQL: "jsonb", MARIADB: "json"},
}


class Colour(enum.Enum):
    RED = "red"
    BLUE = "blue"


class Level(enum.IntEnum):
    LOW = 1


class Word(str, enum.Enum):  # noqa: UP042
    YES = "yes"


class Plain(enum.StrEnum):
    A = "a"


class Ratio(enum.Enum):
    HALF = 0.5


class Price(enum.Enum):
    LOW = Decimal("9.99")


class Day(enum.Enum):
    EPOCH = date(1970, 1, 1)


class Access(enum.IntFlag):
    READ = 1
    WRITE = 2


class Shape(enum.Enum):
    POINT = (0, 0)


class Metres(int):
    pass


class Name(str):
    __slots__ = ()


class Share(float):
    pass


class Key(bytes):
    pass


class Numeral(Decimal):
    pass


class Moment(datetime):
    pass


class Fine(datetime):
    """A moment with nanoseconds, as data-frame libraries have them."""

    nanosecond = 7

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Fine) and datetime.__eq__(self, other)

    __hash__ = datetime.__hash__


class Holiday(date):
    pass


class Hour(time):
    pass


class Span(timedelta):
    pass


class Foreign:
    """A number class of another library, which converts to any type, but is not one of pydb's types."""

    def __int__(self) -> int:
        return 1

    __index__ = __int__

    def __float__(self) -> float:
        return 1.0

    def __str__(self) -> str:
        return "1"


UserId = NewType("UserId", int)
Pair = namedtuple("Pair", "a b")
NEPAL = timezone(timedelta(hours=5, minutes=45))
CIRCLE: list[Any] = []
CIRCLE.append(CIRCLE)
DEEP: list[Any] = []
for _ in range(100_000):
    DEEP = [DEEP]


@dataclass(frozen=True)
class Case:
    """One case: ``value`` into ``column`` and back through a record with ``annotation``; refused on ``refused``."""

    name: str
    column: str
    annotation: Any
    value: Any
    refused: frozenset[str] = NONE
    back: Any = ...

    @property
    def expected(self) -> Any:
        return self.value if self.back is ... else self.back


def _cases() -> list[Case]:
    def case(column: str, annotation: Any, name: str, value: Any, *refused: str, back: Any = ...) -> Case:
        return Case(f"{column}: {name}", column, annotation, value, frozenset(refused), back)

    aware = datetime(2024, 2, 29, 23, 59, 59, 999_999, NEPAL)
    return [
        case("integer", int, "zero", 0),
        case("integer", int, "largest", 2**63 - 1),
        case("integer", int, "smallest", -(2**63)),
        case("integer", int, "beyond", 2**63, *EVERY),
        case("integer", int, "beyond below", -(2**63) - 1, *EVERY),
        case("integer", int, "huge", 10**5000, *EVERY),
        case("integer", int | None, "NULL", None),
        case("integer", Metres, "int subclass", Metres(7)),
        case("integer", int, "int subclass as int", Metres(7), back=7),
        case("integer", Level, "IntEnum", Level.LOW),
        case("integer", Access, "IntFlag", Access.READ | Access.WRITE),
        case("integer", UserId, "NewType", UserId(5)),
        case("integer", int, "foreign", Foreign(), *EVERY),
        case("integer", int, "object", object(), *EVERY),
        case("integer", int, "set", {1}, *EVERY),
        case("integer", int, "tuple", (1, 2), *EVERY),
        case("integer", int, "namedtuple", Pair(1, 2), *EVERY),
        case("integer", int, "range", range(3), *EVERY),
        case("integer", int, "class", int, *EVERY),
        case("integer", int, "Ellipsis", ..., *EVERY),
        case("integer", int, "Fraction", Fraction(1, 2), *EVERY),
        case("integer", int, "complex", 1j, *EVERY),
        case("integer", int, "Enum of tuples", Shape.POINT, *EVERY),
        case("integer", int, "exception", ValueError("x"), *EVERY),
        case("real", float, "fraction", 0.1),
        case("real", float, "whole", 3.0),
        case("real", float, "minus zero", -0.0),
        case("real", float, "subnormal", 5e-324),
        case("real", float, "least normal", sys.float_info.min),
        case("real", float, "largest", sys.float_info.max),
        case("real", float, "smallest", -sys.float_info.max),
        case("real", float, "1e22", 1e22),
        case("real", float, "seventeen digits", 0.1 + 0.2),
        case("real", float, "infinity", math.inf, MARIADB),
        case("real", float, "minus infinity", -math.inf, MARIADB),
        case("real", float, "NaN", math.nan, SQLITE, MARIADB),
        case("real", Share, "float subclass", Share(0.25)),
        case("real", Ratio, "Enum of floats", Ratio.HALF),
        case("text", str, "empty", ""),
        case("text", str, "emoji", "naïve 🦆 \U0010ffff"),
        case("text", str, "NUL", "a\0b", POSTGRESQL),
        case("text", str, "only NUL", "\0", POSTGRESQL),
        case("text", str, "lone surrogate", "a\ud800b", *EVERY),
        case("text", str, "pair of surrogates", "\ud83e\udd86", *EVERY),
        case("text", str, "quotes", "' \" ` \\ \\' '' % %s %(x)s :x ? \n\r\t\x1a"),
        case("text", str, "spaces", "  a  "),
        case("text", str, "number", "007"),
        case("text", str, "control characters", "".join(map(chr, range(1, 33))) + "\x7f\x80\xa0\u2028"),
        case("text", str, "combining", "e\u0301 ≠ é"),
        case("text", str, "long", "ü" * 100_000),
        case("text", Name, "str subclass", Name("x")),
        case("text", str, "str subclass as str", Name("x"), back="x"),
        case("text", Colour, "Enum", Colour.RED),
        case("text", Colour | None, "optional Enum", Colour.BLUE),
        case("text", Word, "str-Enum", Word.YES),
        case("text", Plain, "StrEnum", Plain.A),
        case("boolean", bool, "true", True),
        case("boolean", bool, "false", False),
        case("boolean", bool | None, "NULL", None),
        case("binary", bytes, "empty", b""),
        case("binary", bytes, "every byte", bytes(range(256))),
        case("binary", bytes, "quotes", b"'\"\\%s\0\xff"),
        case("binary", bytes, "long", b"\0'\\\xff" * 50_000),
        case("binary", bytearray, "bytearray", bytearray(b"\0\xff")),
        case("binary", memoryview, "memoryview", memoryview(b"\0\xff")),
        case("binary", bytes, "memoryview, every second", memoryview(b"abcdef")[::2], back=b"ace"),
        case("binary", bytes, "memoryview of integers", memoryview(b"abcdefgh").cast("I"), *EVERY),
        case("binary", Key, "bytes subclass", Key(b"k")),
        case("decimal", Decimal, "two digits", Decimal("9.99")),
        case("decimal", Decimal, "ten", Decimal("10.00")),
        case("decimal", Decimal, "negative", Decimal("-0.01")),
        case("decimal", Decimal, "fifteen digits", Decimal("1234567890123.45")),
        case("decimal", Decimal, "twenty digits", Decimal("12345678901234567.890"), SQLITE),
        case("decimal", Decimal, "twenty nines", Decimal("9" * 20), SQLITE),
        case("decimal", Decimal, "trailing zeros", Decimal("1.50000000000000000000")),
        case("decimal", Decimal, "exponent", Decimal("1.23456789012345E+18")),
        case("decimal", Decimal, "great exponent", Decimal("1E+39")),
        case("decimal", Decimal, "greater exponent", Decimal("1E+400"), SQLITE, MARIADB),
        case("decimal", Decimal, "small", Decimal("1E-25")),
        case("decimal", Decimal, "subnormal", Decimal("1.23456789012345E-310"), SQLITE, MARIADB),
        case("decimal", Decimal, "NaN", Decimal("NaN"), *EVERY),
        case("decimal", Decimal, "signalling NaN", Decimal("sNaN"), *EVERY),
        case("decimal", Decimal, "infinity", Decimal("-Infinity"), *EVERY),
        case("decimal", Decimal, "minus zero", Decimal("-0")),
        case("decimal", Decimal, "beyond sixty-five digits", Decimal("1." + "1" * 70), SQLITE, MARIADB),
        case("decimal", Decimal, "Decimal subclass", Numeral("9.99"), back=Decimal("9.99")),
        case("decimal", Price, "Enum of Decimals", Price.LOW),
        case("money", Decimal, "cents", Decimal("9.99")),
        case("money", Decimal, "whole", Decimal("10.00")),
        case("money", Decimal, "largest", Decimal("99999999.99")),
        case("naive", datetime, "now", datetime(2024, 2, 29, 12, 30, 0, 1)),
        case("naive", datetime, "midnight", datetime(2024, 2, 29)),
        case("naive", datetime, "earliest", datetime.min),
        case("naive", datetime, "latest", datetime.max),
        case("naive", datetime, "datetime subclass", Moment(2024, 1, 1, 1), back=datetime(2024, 1, 1, 1)),
        case("naive", datetime, "nanoseconds", Fine(2024, 1, 1, 1), *EVERY),
        case("instant", AwareDatetime, "UTC", datetime(2024, 2, 29, 12, tzinfo=UTC)),
        case("instant", AwareDatetime, "offset and microseconds", aware, back=aware.astimezone(UTC)),
        case("instant", AwareDatetime, "earliest", datetime.min.replace(tzinfo=UTC)),
        case("instant", AwareDatetime, "latest", datetime.max.replace(tzinfo=UTC)),
        case("instant", AwareDatetime, "before the year 1 in UTC", datetime.min.replace(tzinfo=NEPAL), *EVERY),
        case("instant", AwareDatetime, "datetime subclass", Moment(2024, 1, 1, tzinfo=NEPAL),
             back=datetime(2023, 12, 31, 18, 15, tzinfo=UTC)),
        case("date", date, "leap day", date(2024, 2, 29)),
        case("date", date, "earliest", date.min),
        case("date", date, "latest", date.max),
        case("date", date, "date subclass", Holiday(2024, 1, 1), back=date(2024, 1, 1)),
        case("date", Day, "Enum of dates", Day.EPOCH),
        case("time", time, "midnight", time(0)),
        case("time", time, "latest", time.max),
        case("time", time, "microsecond", time(1, 2, 3, 4)),
        case("time", time, "offset", time(1, 2, 3, tzinfo=UTC), *EVERY),
        case("time", time, "time subclass", Hour(5), back=time(5)),
        case("duration", timedelta, "zero", timedelta(0)),
        case("duration", timedelta, "microsecond", timedelta(microseconds=1)),
        case("duration", timedelta, "minus a microsecond", timedelta(microseconds=-1)),
        case("duration", timedelta, "minus hours", timedelta(hours=-30, seconds=-5, microseconds=-7)),
        case("duration", timedelta, "days", timedelta(days=30, seconds=1)),
        case("duration", timedelta, "MariaDB's longest", timedelta(hours=839) - timedelta(microseconds=1)),
        case("duration", timedelta, "longer", timedelta(hours=839), MARIADB),
        case("duration", timedelta, "minus years", timedelta(days=-100_000, microseconds=1), MARIADB),
        case("duration", timedelta, "longest", timedelta.max, SQLITE, MARIADB),
        case("duration", timedelta, "timedelta subclass", Span(seconds=5), back=timedelta(seconds=5)),
        case("uuid", uuid.UUID, "random", uuid.UUID("7d444840-9dc0-11d1-b245-5ffdce74fad2")),
        case("uuid", uuid.UUID, "zero", uuid.UUID(int=0)),
        case("uuid", uuid.UUID, "largest", uuid.UUID(int=2**128 - 1)),
        case("json", dict, "empty object", {}),
        case("json", list, "empty list", []),
        case("json", dict, "nested", {"a": [1, {"b": None}, True, "x"], "": {"🦆": -0.5}}),
        case("json", dict[str, Any], "generic", {"a": 1}),
        case("json", list, "numbers", [0, 1.5, 1e-7, 2**100, -(2**63), 0.1 + 0.2, 5e-324]),
        case("json", list, "quotes", ["' \" \\ \n % :x \u2028"]),
        case("json", dict | None, "NULL", None),
        case("json", list, "whole float", [2.0]),
        case("json", list, "1e300", [1e300], POSTGRESQL),
        case("json", list, "NUL", ["a\0b"], POSTGRESQL),
        case("json", dict, "NUL in a key", {"\0": 1}, POSTGRESQL),
        case("json", list, "lone surrogate", ["\ud800"], *EVERY),
        case("json", list, "NaN", [math.nan], *EVERY),
        case("json", list, "infinity", [math.inf], *EVERY),
        case("json", dict, "integer keys", {1: 1}, *EVERY),
        case("json", dict, "tuple inside", {"a": (1, 2)}, *EVERY),
        case("json", list, "Decimal inside", [Decimal(1)], *EVERY),
        case("json", list, "Enum inside", [Word.YES], *EVERY),
        case("json", dict, "OrderedDict", OrderedDict(a=1), *EVERY),
        case("json", list, "circle", CIRCLE, *EVERY),
        case("json", list, "depth", DEEP, *EVERY),
        case("json", list, "huge integer", [10**5000], *EVERY),
    ]  # fmt: skip


CASES = _cases()
