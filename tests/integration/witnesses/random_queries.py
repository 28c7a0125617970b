"""Random queries over the witnesses' tables: a random source and an engine in, a valid SELECT out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random

Columns = list[tuple[str, str]]
"""Columns as they are written, each with its sort: integer, numeric, real, text or date by its first letter."""

TABLES: dict[str, Columns] = {
    "authors": [("id", "i"), ("name", "t"), ("email", "t"), ("age", "i")],
    "books": [("id", "i"), ("author_id", "i"), ("title", "t"), ("price", "n"), ("pages", "i")],
    "editions": [("book_id", "i"), ("number", "i"), ("printed", "d")],
    "sales": [("id", "i"), ("book_id", "i"), ("quantity", "i"), ("amount", "r"), ("region", "t")],
    "nodes": [("id", "i"), ("parent_id", "i"), ("label", "t")],
    "voids": [("id", "i"), ("x", "i"), ("y", "t")],
    "codes": [("code", "t"), ("note", "t")],
    "named_books": [("id", "i"), ("name", "t"), ("title", "t")],
}
_FRAMES = (
    *("", "", "ROWS BETWEEN 1 PRECEDING AND CURRENT ROW", "ROWS BETWEEN 2 PRECEDING AND 1 PRECEDING"),
    *("ROWS BETWEEN 1 FOLLOWING AND 2 FOLLOWING", "ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING"),
)


@dataclass
class RandomQuery:
    """One random query; ``sql()`` writes it.  ``depth`` arguments limit the nesting of sub-queries."""

    random: Random
    engine: str
    _names: int = 0
    _ctes: list[tuple[str, Columns]] = field(default_factory=list)

    def sql(self) -> str:
        """A whole statement, sometimes with WITH."""
        parts = []
        for number in range(self.random.choice((0, 0, 1, 2))):
            query, columns = self.query(1)
            parts.append(f"w{number} AS ({query})")
            self._ctes.append((f"w{number}", columns))
        return (f"WITH {', '.join(parts)} " if parts else "") + self.query(2)[0]

    def chance(self, probability: float) -> bool:
        return self.random.random() < probability

    def literal(self, sort: str) -> str:
        real = "CAST(1.5 AS double precision)" if self.engine == "postgresql" else "1.5e0"
        return {"i": "1", "n": "2.5", "r": real, "t": "'x'", "d": "CURRENT_DATE"}[sort]

    # FROM.

    def source(self, depth: int) -> tuple[str, Columns]:
        """A table, a common table expression or a derived table, under a new name."""
        self._names += 1
        alias = f"q{self._names}"
        if self._ctes and self.chance(0.2):
            text, columns = self.random.choice(self._ctes)
        elif depth <= 0 or self.chance(0.8):
            text = self.random.choice(list(TABLES))
            columns = TABLES[text]
        else:
            query, columns = self.query(depth - 1)
            text = f"({query})"
        return f"{text} AS {alias}", [(f"{alias}.{name}", sort) for name, sort in columns]

    def sources(self, depth: int) -> tuple[str, Columns]:
        """A FROM clause: joins of all kinds, some of them in brackets."""
        text, columns = self.source(depth)
        for _ in range(self.random.choice((0, 0, 1, 1, 2, 3))):
            other, others = self.source(depth)
            if depth > 0 and self.chance(0.15):
                third, thirds = self.source(depth - 1)
                other = f"({other} {self.side()} JOIN {third} ON {self.equality(others, thirds)})"
                others = others + thirds
            side = self.random.choice(("CROSS", self.side(), self.side(), self.side()))
            # PostgreSQL supports FULL JOIN only on conditions that it can hash or merge.
            condition = self.equality(columns, others)
            if side != "FULL" and self.chance(0.3):
                condition += f" AND {self.predicate(columns + others, depth)}"
            text += f" {side} JOIN {other}" + ("" if side == "CROSS" else f" ON {condition}")
            columns = columns + others
        return text, columns

    def side(self) -> str:
        full = () if self.engine == "mariadb" else ("FULL",)
        sides: tuple[str, ...] = ("INNER", "LEFT", "LEFT", "RIGHT", *full)
        return self.random.choice(sides)

    def equality(self, left: Columns, right: Columns) -> str:
        pairs = [(one, other) for one, sort in left for other, same in right if sort == same]
        return "1 = 1" if not pairs else " = ".join(self.random.choice(pairs))

    # Conditions and expressions.

    def predicate(self, columns: Columns, depth: int) -> str:
        """A condition over these columns."""
        column, sort = self.random.choice(columns)
        form = self.random.choice(("not null", "null", "not", "or", "in", "exists", "compare", "compare", "compare"))
        if form == "or":
            return f"({self.predicate(columns, depth)} OR {self.predicate(columns, depth)})"
        if form == "not":
            return f"NOT ({column} IS {self.random.choice(('', 'NOT '))}NULL)"
        if form == "in" and depth > 0:
            integers = [name for name, kind in columns if kind == "i"]
            if integers:
                negation = self.random.choice(("", "NOT "))
                return f"{self.random.choice(integers)} {negation}IN ({self.query(depth - 1, 'i')[0]})"
        if form == "exists" and depth > 0:
            return f"{self.random.choice(('', 'NOT '))}EXISTS ({self.query(depth - 1)[0]})"
        if form == "compare" and sort == "t":
            pattern = self.random.choice(("'a%'", "''", "'north'"))
            return f"{column} {self.random.choice(('=', '<>', '>', 'LIKE', 'NOT LIKE'))} {pattern}"
        if form == "compare" and sort != "d":
            return f"{column} {self.random.choice(('=', '<>', '>', '<=', '>='))} {self.random.randint(-1, 5)}"
        return f"{column} IS {'' if form == 'null' else 'NOT '}NULL"

    def expression(self, columns: Columns, sort: str, depth: int) -> str:
        """An expression of one kind of type over these columns."""
        same = [name for name, kind in columns if kind == sort]
        form = self.random.choice(("column",) * 4 + ("literal", "coalesce", "case", "nullif", "operator", "query"))
        if depth <= 0 or form == "column":
            return self.random.choice(same) if same else self.literal(sort)
        one, other = (self.expression(columns, sort, depth - 1) for _ in range(2))
        if form in ("coalesce", "nullif"):
            return f"{form}({one}, {other})"
        if form == "case":
            default = f" ELSE {other}" if self.chance(0.6) else ""
            return f"CASE WHEN {self.predicate(columns, depth - 1)} THEN {one}{default} END"
        if form == "operator" and sort in "inr":
            division = () if self.engine == "postgresql" else ("/", "%")
            return f"({one} {self.random.choice(('+', '-', '*', *division))} {other})"
        if form == "operator" and sort == "t":
            return self.random.choice((f"({one} || {other})", f"lower({one})", f"substr({one}, 1, 2)"))
        if form == "query":
            return f"({self.query(depth - 1, sort, columns)[0]} LIMIT 1)"
        return self.literal(sort)

    def aggregate(self, columns: Columns) -> tuple[str, str]:
        column, sort = self.random.choice(columns)
        if self.chance(0.3):
            return self.random.choice(("count(*)", f"count({column})")), "i"
        if sort in "inr" and self.chance(0.5):
            return f"sum({self.expression(columns, sort, 1)})", "n" if sort == "i" else sort
        return f"{self.random.choice(('min', 'max'))}({column})", sort

    def window(self, columns: Columns) -> tuple[str, str]:
        column, sort = self.random.choice(columns)
        order = self.random.choice(columns)[0]
        part = f"PARTITION BY {self.random.choice(columns)[0]} " if self.chance(0.3) else ""
        call = self.random.choice(
            ("lag", "lead", "row_number", "first_value", "last_value", "max", "count", "nth_value")
        )
        framed = call not in ("lag", "lead", "row_number")
        arguments = {"row_number": "", "nth_value": f"{column}, 2"}.get(call, column)
        frame = self.random.choice(_FRAMES) if framed else ""
        return f"{call}({arguments}) OVER ({part}ORDER BY {order} {frame})", "i" if call in (
            "row_number",
            "count",
        ) else sort

    # Queries.

    def query(self, depth: int, sort: str | None = None, outer: Sequence[tuple[str, str]] = ()) -> tuple[str, Columns]:
        """A query and its columns; with ``sort`` one column of that kind.  ``outer`` are columns of the outer query."""
        if sort is None and depth > 0 and self.chance(0.12):
            return self.set_operation(depth)
        text, columns = self.sources(depth)
        seen = [*columns, *outer] if self.chance(0.5) else columns
        where = f" WHERE {self.predicate(seen, depth)}" if self.chance(0.6) else ""
        items, tail = self.items(columns, seen, sort, depth)
        listed = ", ".join(f"{item} AS c{index}" for index, (item, _) in enumerate(items))
        distinct = "DISTINCT " if self.chance(0.08) else ""
        return f"SELECT {distinct}{listed} FROM {text}{where}{tail}", [
            (f"c{index}", kind) for index, (_, kind) in enumerate(items)
        ]

    def items(self, columns: Columns, seen: Columns, sort: str | None, depth: int) -> tuple[Columns, str]:
        """The SELECT list, and the GROUP BY that it needs."""
        size = 1 if sort else self.random.randint(1, 4)
        form = self.random.choice(("plain", "plain", "plain", "groups", "all", "windows"))
        items: Columns = []
        tail = ""
        if form == "groups":
            key = self.random.choice(columns)
            items = [key if self.chance(0.4) else self.aggregate(columns) for _ in range(size)]
            tail = self.grouped(key[0])
        elif form == "all":
            items = [self.aggregate(columns) for _ in range(size)]
            if self.engine != "postgresql" and self.chance(0.3) and sort is None:
                items.append(self.random.choice(columns))
        elif form == "windows":
            items = [self.window(columns) for _ in range(size)]
        if form == "plain" or (sort and items[0][1] != sort):
            sorts = [sort] if sort else [self.random.choice("itnt") for _ in range(size)]
            return [(self.expression(seen, kind, depth), kind) for kind in sorts], ""
        return items, tail

    def grouped(self, key: str) -> str:
        rollup = {"postgresql": f" GROUP BY ROLLUP ({key})", "mariadb": f" GROUP BY {key} WITH ROLLUP"}
        text = rollup[self.engine] if self.engine in rollup and self.chance(0.3) else f" GROUP BY {key}"
        return text + (f" HAVING count(*) >= {self.random.randint(0, 2)}" if self.chance(0.3) else "")

    def set_operation(self, depth: int) -> tuple[str, Columns]:
        one, columns = self.query(depth - 1, "i")
        other, _ = self.query(depth - 1, "i")
        word = self.random.choice(("UNION", "UNION ALL", "EXCEPT", "INTERSECT"))
        return f"{one} {word} {other}", columns
