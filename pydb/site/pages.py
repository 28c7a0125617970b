"""Write the site's files: its facts in; the text of each page, the style, the script and the search index out.

The templates escape all text from SQL and comments, so it never becomes markup.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import PurePosixPath
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from pydb.review.pages import page_of, schema_sections, verdict
from pydb.site.diagram import neighbourhood, whole
from pydb.site.facts import SiteFacts
from pydb.site.highlight import highlighted
from pydb.site.links import Links, links_of, relative
from pydb.site.statement_page import StatementPage, product, statement_pages
from pydb.site.table_page import TablePage, drawn_keys, table_pages
from pydb.support.escapes import escaped

__all__ = ["site_files"]

_MENTION = re.compile(r"[\w.]*\w")

_UNITS = ("bytes", "KiB", "MiB", "GiB", "TiB")


def site_files(facts: SiteFacts, mark: str) -> dict[PurePosixPath, str]:
    """The text of each file of the site, by its path; ``mark`` is in the first line or two of each."""
    return dict(_Site(facts, mark).files())


class _Site:
    """The pages of one site, with the data that they share."""

    def __init__(self, facts: SiteFacts, mark: str) -> None:
        self.facts = facts
        self.mark = mark
        self.tables = table_pages(facts)
        self.statements = statement_pages(facts)
        self.links = links_of((page.name for page in self.tables), (page.name for page in self.statements))
        self.keys = drawn_keys(self.tables)
        self.environment = Environment(
            loader=PackageLoader("pydb.site"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
            finalize=_visible,
        )
        self.environment.filters["size"] = _size
        self.environment.filters["count"] = _count

    def files(self) -> Iterator[tuple[PurePosixPath, str]]:
        """Each file, the pages first."""
        has_bytes = any(size.size is not None for size in self.facts.sizes.values())
        yield self._page("index.html", groups=_groups(self.statements), has_bytes=has_bytes)
        yield self._page("statements.html", groups=_groups(self.statements))
        tables = [page.name for page in self.tables]
        yield self._page("diagram.html", drawing=whole(tables, self.keys))
        yield self._page("proof.html", findings=self._findings())
        if self.facts.review is not None:
            changes = [page_of(change) for change in self.facts.review.changes]
            schemas = schema_sections(self.facts.review)
            yield self._page("review.html", pages=changes, schemas=schemas, verdict=verdict(self.facts.review))
        for table in self.tables:
            drawing = neighbourhood(table.name, [column.name for column in table.columns], self.keys)
            path = self.links.tables[table.name]
            yield self._page("table.html", path, table=table, drawing=drawing)
        for statement in self.statements:
            path = self.links.statements[statement.name]
            yield self._page("statement.html", path, statement=statement)
        for name, begin, end in (("site.css", "/* ", " */"), ("site.js", "// ", "")):
            source = self.environment.get_template(name).render()
            yield PurePosixPath(name), f"{begin}{self.mark}{end}\n{source}"
        yield PurePosixPath("search-index.js"), f"// {self.mark}\n{_search_index(self)}"

    def _page(self, template: str, path: PurePosixPath | None = None, **values: Any) -> tuple[PurePosixPath, str]:
        path = path or PurePosixPath(template)
        shared = _Shared(self.links, path)
        text = self.environment.get_template(template).render(
            facts=self.facts,
            mark=self.mark,
            tables=self.tables,
            statements=self.statements,
            products=[product(report.engine) for report in self.facts.engines],
            here=str(path),
            root="../" * (len(path.parts) - 1),
            to=shared.to,
            table_link=shared.table,
            statement_link=shared.statement,
            prose=shared.prose,
            sql=shared.sql,
            **values,
        )
        return path, text

    def _findings(self) -> list[Any]:
        found = [*self.facts.checked.findings]
        if self.facts.proof is not None:
            found += [item for item in self.facts.proof.findings if item not in found]
        return sorted(found, key=lambda item: (item.level, item.file, item.line, item.code))


class _Shared:
    """The functions that a template calls: addresses, and text with links, relative to its page."""

    def __init__(self, links: Links, path: PurePosixPath) -> None:
        self._links = links
        self._path = path

    def to(self, path: str) -> str:
        """The address of a file of the site."""
        return relative(PurePosixPath(path), self._path)

    def table(self, name: str) -> str | None:
        """The address of a table's page."""
        known = self._links.table_named(name)
        return None if known is None else relative(self._links.tables[known], self._path)

    def statement(self, name: str) -> str | None:
        """The address of a statement's page."""
        path = self._links.statements.get(name)
        return None if path is None else relative(path, self._path)

    def prose(self, text: str) -> Markup:
        """A comment, with links on the names of statements."""
        parts: list[Markup] = []
        end = 0
        for found in _MENTION.finditer(text):
            address = self.statement(found[0])
            if address is not None:
                parts.append(Markup.escape(_visible(text[end : found.start()])))
                parts.append(Markup('<a href="{}">{}</a>').format(address, _visible(found[0])))
                end = found.end()
        return Markup("").join([*parts, Markup.escape(_visible(text[end:]))])

    def sql(self, text: str, engine: str) -> Markup:
        """SQL, with links on the names of tables."""
        return highlighted(text, engine, self.table)


def _visible(value: object) -> object:
    """The text that a template prints: its invisible characters are escaped."""
    return escaped(value, "\n\t") if isinstance(value, str) and not isinstance(value, Markup) else value


def _groups(statements: Sequence[StatementPage]) -> Mapping[str, Sequence[StatementPage]]:
    """The statements by the part of their names before the last dot."""
    groups: dict[str, list[StatementPage]] = defaultdict(list)
    for page in statements:
        groups[page.name.rpartition(".")[0]].append(page)
    return groups


def _size(size: int) -> str:
    """Bytes for a reader: ``3.2 MiB``."""
    number, unit = float(size), 0
    while number >= 1024 and unit < len(_UNITS) - 1:
        number, unit = number / 1024, unit + 1
    return f"{number:.0f} {_UNITS[unit]}" if unit == 0 else f"{number:.1f} {_UNITS[unit]}"


def _count(number: int, what: str) -> str:
    """``1 table``, ``2 tables``."""
    plural = f"{what[:-1]}ies" if what.endswith("y") else f"{what}{'es' if what.endswith('x') else 's'}"
    return f"{number:,} {what if number == 1 else plural}"


def _search_index(site: _Site) -> str:
    """The script of the search index: for each named thing its name, kind, address and a note."""
    entries = sorted(_entries(site.tables, site.statements, site.links))
    lines = ",\n".join(json.dumps(entry) for entry in entries)
    return f'"use strict";\nvar PYDB_INDEX = [\n{lines}\n];\n'


def _entries(
    tables: Iterable[TablePage], statements: Iterable[StatementPage], links: Links
) -> Iterator[tuple[str, str, str, str]]:
    for table in tables:
        path = str(links.tables[table.name])
        yield _entry(table.name, table.kind, path, table.comment)
        for column in table.columns:
            about = ", ".join(dict.fromkeys(filter(None, column.types)))
            yield _entry(f"{table.name}.{column.name}", "column", f"{path}#columns", about)
        for rule in (*table.rules, *table.indexes):
            if rule.name:
                yield _entry(rule.name, rule.kind, f"{path}#{_anchor(rule.kind)}", f"of {table.name}")
        for key in table.refers:
            if key.name:
                yield _entry(key.name, "foreign key", f"{path}#references", f"of {table.name}")
    for statement in statements:
        first = statement.definition.doc.partition("\n")[0]
        yield _entry(statement.name, "statement", str(links.statements[statement.name]), first)


def _anchor(kind: str) -> str:
    return "indexes" if kind == "index" else "constraints"


def _entry(name: str, kind: str, path: str, about: str) -> tuple[str, str, str, str]:
    return escaped(name), kind, path, escaped(about)
