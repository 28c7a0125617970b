"""``pydb grants``: a role in; the rights that the statements need, as GRANT statements, out."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from sqlalchemy.engine import URL

from pydb.cli.interrupted import DoneSoFar, pass_done_so_far
from pydb.cli.options import engines_option, schema_option, servers_option, sql_option
from pydb.cli.printing import say, write_text
from pydb.cli.servers import scratch_servers
from pydb.engines import registration
from pydb.project import Project, engine_of, find_project, url_of
from pydb.sqlfile.loader import read
from pydb.support.escapes import escaped_json

if TYPE_CHECKING:
    from pydb.usage.granted import EngineGrants, Granted

__all__ = ["grants_command"]


@click.command("grants")
@click.argument("role")
@sql_option
@schema_option
@engines_option("Print the rights on a server of this engine, which the command starts; may be repeated.")
@servers_option("Print the rights on the server at this URL; may be repeated.")
@click.option("--per-statement", is_flag=True, help="Print the rights of each statement separately.")
@click.option("--reading", is_flag=True, help="Print only the rights for statements that change nothing.")
@click.option("--once", is_flag=True, help="Also print the rights on the table pydb_once, for run(once=…).")
@click.option(
    "--prove", is_flag=True, help="Prove on the server that the rights are sufficient, and that each of them is needed."
)
@click.option("--format", "format_", type=click.Choice(("text", "json")), default="text", show_default=True)
@pass_done_so_far
@click.pass_context
def grants_command(
    context: click.Context,
    done_so_far: DoneSoFar,
    role: str,
    sql: str | None,
    schema: str | None,
    engines: tuple[str, ...],
    urls: tuple[str, ...],
    per_statement: bool,
    reading: bool,
    once: bool,
    prove: bool,
    format_: str,
) -> None:
    """Print SQL that grants ROLE exactly the rights that the statements need.

    The rights are determined from the statements and the schema, in a scratch database on each server.  Nothing else is
    changed on the server, and ROLE need not exist.  With --prove, a temporary role tries each statement and variant,
    first with all the rights, and then without each right in turn.
    """
    # Imported here, because its libraries belong to an extra that other commands do not need.
    from pydb.usage.granted import Wish, granted

    done_so_far.set("the scratch database is dropped")
    project = find_project(Path.cwd())
    path = project.sql_path(sql)
    scripts = project.schema_scripts(path, schema)
    definitions = read(path, None)
    wish = Wish(role, per_statement=per_statement, reading=reading, once=once, prove=prove)
    servers = _servers(project, engines, urls)
    found = [granted(definitions, scripts, engine, url, wish) for engine, url in servers.items()]
    if format_ == "json":
        write_text(escaped_json(json.dumps([_as_json(one) for one in found], ensure_ascii=False, indent=2)))
    else:
        for one in found:
            for line in _lines(one):
                say(line)
    context.exit(0 if all(part.proof is None or part.proof.holds for one in found for part in one.parts) else 1)


def _servers(project: Project, engines: tuple[str, ...], urls: tuple[str, ...]) -> dict[str, URL | None]:
    """The servers that the options name; without these options, a server of the engine of the project's database."""
    if not engines and not urls:
        engines = (engine_of(url_of(None, project)),)
    return scratch_servers(project, engines, urls)


def _lines(found: EngineGrants) -> Iterator[str]:
    yield f"-- {registration(found.engine).product}: {found.title}"
    for part in found.parts:
        if part.name:
            yield f"-- {part.name} ({part.place})"
        yield from (f"{grant};" for grant in part.grants)
        yield from _proof_lines(part)
    for name, place, why in found.unknown:
        yield f"-- unknown: {name} ({place}): {why}"


def _proof_lines(part: Granted) -> Iterator[str]:
    if part.proof is None or not part.proof.texts:
        return
    if part.proof.holds:
        texts, rights = part.proof.texts, part.proof.rights
        needing = "1 text needs" if texts == 1 else f"{texts:,} texts need"
        yield f"-- proven: {needing} {'this 1 right' if rights == 1 else f'these {rights:,} rights'}, and no others"
    for text, why in part.proof.denied:
        yield f"-- not enough: {text.name}{f' with {text.label}' if text.label else ''}: {why}"
    for right in part.proof.superfluous:
        yield f"-- superfluous: {right.privilege} on {right.target}{f' ({right.column})' if right.column else ''}"


def _as_json(found: EngineGrants) -> dict[str, Any]:
    return {
        "engine": found.engine,
        "grants": [
            {
                **({"statement": part.name, "place": part.place} if part.name else {}),
                "sql": part.grants,
                "rights": [right._asdict() for right in sorted(part.rights, key=str)],
                **({} if part.proof is None else {"proof": _proof_as_json(part)}),
            }
            for part in found.parts
        ],
        "unknown": [{"name": name, "place": place, "why": why} for name, place, why in found.unknown],
    }


def _proof_as_json(part: Granted) -> dict[str, Any]:
    assert part.proof is not None
    denied: Sequence[dict[str, str]] = [
        {"name": text.name, "variant": text.label, "why": why} for text, why in part.proof.denied
    ]
    return {
        "holds": part.proof.holds,
        "texts": part.proof.texts,
        "rights": part.proof.rights,
        "denied": denied,
        "superfluous": [right._asdict() for right in part.proof.superfluous],
    }
