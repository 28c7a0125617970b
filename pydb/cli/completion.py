"""Complete command lines in shells: the words of an unfinished command in; names, parameters and values out.

No database is opened, and a project that cannot be read has no completions and no error: the user is still typing.
The protocol is that of click; the scripts differ from click's in two points: no space follows a parameter, ``id=``, and
bash splits words at ``=``.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import click
from click.shell_completion import (
    BashComplete,
    CompletionItem,
    FishComplete,
    ZshComplete,
    add_completion_class,
    split_arg_string,
)

from pydb.sqlfile.optional_lines import NameKind
from pydb.support.escapes import escaped

if TYPE_CHECKING:
    from pydb.sqlfile.definition import Definition

__all__ = [
    *("complete_file", "complete_folder", "complete_optional_names", "complete_pairs", "complete_servers"),
    *("complete_statements", "complete_statements_and_files", "register_shells"),
]


def complete_statements(context: click.Context, _parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Complete the full names of statements, with the first line of their documentation."""
    return [
        CompletionItem(definition.name, help=escaped(definition.doc.partition("\n")[0]) or None)
        for definition in _definitions(context)
        if definition.name.startswith(incomplete)
    ]


def complete_statements_and_files(
    context: click.Context, parameter: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    """Complete names of files and of statements, without those that are already on the command line."""
    files = dict.fromkeys(definition.name.rpartition(".")[0] for definition in _definitions(context))
    found = [CompletionItem(file) for file in files if file.startswith(incomplete)]
    given = context.params.get(parameter.name or "") or ()
    return [item for item in (*found, *complete_statements(context, parameter, incomplete)) if item.value not in given]


def complete_pairs(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Complete the parameters that are not given yet, as ``id=``, and after ``order=`` the values of a choice."""
    definition = _named(context)
    if definition is None:
        return []
    key, equals, _ = incomplete.partition("=")
    if equals:
        values = _values(definition, definition.parameter(key))
        return _beginning(incomplete, (f"{key}={value}" for value in values))
    pairs = context.params.get(parameter.name or "") or ()
    given = {definition.parameter(pair.partition("=")[0].removesuffix(":")) for pair in pairs} - definition.sequences
    left = (name for name in definition.parameters if name not in given)
    return _beginning(incomplete, (f"{definition.written(name)}=" for name in left))


def complete_optional_names(
    context: click.Context, _parameter: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    """Complete the last name in the list of ``show --with``, such as ``statuses,order=oldest``."""
    definition = _named(context)
    if definition is None:
        return []
    before, comma, last = incomplete.rpartition(",")
    given = {word.partition("=")[0] for word in before.split(",")}
    words = (word for name in definition.optional if name not in given for word in _conditions(definition, name))
    return _beginning(incomplete, (f"{before}{comma}{word}" for word in words if word.startswith(last)))


def complete_servers(_context: click.Context, _parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Complete the names of engines that may be given instead of a URL; the command then starts a server."""
    from pydb.engines import default_engine, engine_names

    return _beginning(incomplete, (name for name in engine_names() if name != default_engine()))


def complete_file(_context: click.Context, _parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Let the shell complete the name of a file."""
    return [CompletionItem(incomplete, type="file")]


def complete_folder(_context: click.Context, _parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Let the shell complete the name of a folder."""
    return [CompletionItem(incomplete, type="dir")]


def _beginning(incomplete: str, values: Iterable[str]) -> list[CompletionItem]:
    return [CompletionItem(value) for value in values if value.startswith(incomplete)]


def _definitions(context: click.Context) -> tuple[Definition, ...]:
    """The statements of the project that can be read; none without a project."""
    from pydb.errors import PydbError
    from pydb.project import find_project
    from pydb.sqlfile.load_cache import load_definitions
    from pydb.sqlfile.loader import read

    with suppress(PydbError, OSError, ValueError):
        path = find_project(Path.cwd()).sql_path(context.params.get("sql"))
        with suppress(PydbError):
            return load_definitions(path)
        return read(path, None, lambda _error: None)
    return ()


def _named(context: click.Context) -> Definition | None:
    # While the value of an option is being typed, click does not read the arguments.
    name = context.params.get("name") or next(iter(context.args), None)
    return next((one for one in _definitions(context) if one.name == name), None)


def _values(definition: Definition, name: str) -> Iterable[str]:
    optional, type_ = definition.optional.get(name), definition.parameter_types.get(name)
    if optional is not None and optional.kind is NameKind.CHOICE:
        return optional.values
    is_flag = optional is not None and optional.kind is NameKind.FLAG
    return ("true", "false") if is_flag or (type_ is not None and type_.name == "bool") else ()


def _conditions(definition: Definition, name: str) -> Iterator[str]:
    optional = definition.optional[name]
    if optional.kind is NameKind.CHOICE:
        yield from (f"{name}={value}" for value in optional.values)
    else:
        yield name


class _Bash(BashComplete):
    """Completion for bash, which splits words at the characters of $COMP_WORDBREAKS and replaces only the last part."""

    source_template = """\
%(complete_func)s() {
    local type value
    COMPREPLY=()
    while IFS=, read -r type value; do
        case $type in
            dir) compopt -o dirnames ;;
            file) compopt -o default ;;
            plain)
                COMPREPLY+=("$value")
                [[ $value == *= ]] && compopt -o nospace ;;
        esac
    done < <(
        env COMP_LINE="${COMP_LINE:0:COMP_POINT}" COMP_BREAKS="$COMP_WORDBREAKS" \\
            %(complete_var)s=bash_complete "$1" 2>/dev/null
    )
    return 0
}
complete -o nosort -F %(complete_func)s %(prog_name)s
"""

    _typed = ""

    def get_completion_args(self) -> tuple[list[str], str]:
        line = os.environ.get("COMP_LINE")
        if line is None:  # the caller uses click's protocol
            return super().get_completion_args()
        words = split_arg_string(line)[1:]
        incomplete = words.pop() if words and not line[-1:].isspace() else ""
        last_break = max((incomplete.rfind(mark) for mark in os.environ.get("COMP_BREAKS", "=:")), default=-1)
        self._typed = incomplete[: last_break + 1]
        return words, incomplete

    def format_completion(self, item: CompletionItem[str]) -> str:
        return f"{item.type},{item.value.removeprefix(self._typed)}"


class _Zsh(ZshComplete):
    """Completion for zsh, with the help texts; no space follows a parameter."""

    source_template = """\
#compdef %(prog_name)s

%(complete_func)s() {
    local -a plain described joined response
    local type key descr
    (( ! $+commands[%(prog_name)s] )) && return 1

    response=("${(@f)$(
        env COMP_WORDS="${words[*]}" COMP_CWORD=$((CURRENT-1)) %(complete_var)s=zsh_complete %(prog_name)s 2>/dev/null
    )}")
    for type key descr in "${(@)response}"; do
        case $type in
            dir) _path_files -/ ;;
            file) _path_files -f ;;
            plain)
                if [[ $key == *= ]]; then
                    joined+=("$key")
                elif [[ $descr == _ ]]; then
                    plain+=("$key")
                else
                    described+=("$key:$descr")
                fi ;;
        esac
    done
    (( $#described )) && _describe -V unsorted described -U
    (( $#plain )) && compadd -U -V unsorted -a plain
    (( $#joined )) && compadd -U -S '' -V unsorted -a joined
    return 0
}

if [[ $zsh_eval_context[-1] == loadautofunc ]]; then
    %(complete_func)s "$@"
else
    compdef %(complete_func)s %(prog_name)s
fi
"""


class _Fish(FishComplete):
    """Completion for fish, which adds no space after ``=``."""

    source_template = """\
function %(complete_func)s
    set -l words (commandline -cp)
    set -l word (commandline -ct)
    for completion in (env %(complete_var)s=fish_complete COMP_WORDS=$words COMP_CWORD=$word %(prog_name)s 2>/dev/null)
        set -l parts (string split -m 1 "," -- $completion)
        switch $parts[1]
            case dir
                __fish_complete_directories $parts[2]
            case file
                __fish_complete_path $parts[2]
            case plain
                echo $parts[2]
        end
    end
end
complete --no-files --command %(prog_name)s --arguments "(%(complete_func)s)"
"""


def register_shells() -> None:
    """Register this module's scripts with click."""
    for shell in (_Bash, _Zsh, _Fish):
        add_completion_class(shell)
