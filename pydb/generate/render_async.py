"""Write the files of asynchronous functions: the model of a package in; a module for each synchronous one out.

The functions return the same records.  The modules import types from the synchronous modules.
"""

from __future__ import annotations

from pathlib import PurePosixPath

from pydb.generate.layout import assignment
from pydb.generate.model import Function, Module, Package
from pydb.generate.ownership import ASYNC
from pydb.generate.render import ModuleWriter, defined_by, folders, module_path, namespace
from pydb.sqlfile.row_word import RowWord

__all__ = ["render_async"]

_DOC = "The statements of {} as asynchronous functions, one module per file."


def render_async(package: Package) -> dict[PurePosixPath, str]:
    """The text of each file, by its path inside the package's folder."""
    files = {ASYNC / module_path(module): _AsyncModuleWriter(package, module).text() for module in package.modules}
    for folder, children in folders(package):
        place = (ASYNC.name, *folder)
        files[PurePosixPath(*place, "__init__.py")] = namespace(package, place, folder, children, _DOC)
    return files


class _AsyncModuleWriter(ModuleWriter):
    connection = "AsyncConnection"

    def __init__(self, package: Package, module: Module) -> None:
        super().__init__(package, module)
        synchronous = ".".join((package.name, *module.parts))
        for function in module.functions:
            for name in defined_by(function)[1:]:
                self.names.keep(synchronous, name)

    def taken(self, module: Module) -> list[str]:
        return [function.name for function in module.functions]

    def types(self) -> list[str]:
        return []

    def sets(self) -> list[str]:
        return []

    def definition(self, function: Function) -> str:
        # A stream's function returns the statement's generator: another generator around it would close it late.
        return "def" if function.row_word.streams else "async def"

    def returns(self, function: Function) -> str:
        if function.row_word.streams:
            return f"{self.names.get('AsyncGenerator')}[{self.row(function)}, None]"
        return super().returns(function)

    def alias(self, name: str, function: Function) -> str:
        """The line ``_by_id: Callable[..., Awaitable[User | None]] = queries["users.by_id"].aio``."""
        returned = self.returns(function)
        if not function.row_word.streams:
            returned = f"{self.names.get('Awaitable')}[{returned}]"
        kind = f"{self.names.get('Callable')}[..., {returned}]"
        return assignment(name, kind, self.names.of(self.record_home or "", "queries"), function.statement, ".aio")

    def call(self, function: Function) -> str:
        if function.row_word.streams:
            return f"return _{function.name}"
        return f"{'' if function.row_word is RowWord.EXEC else 'return '}await _{function.name}"
