"""Import the records of a project: [tool.pydb] in, the classes by name out."""

from __future__ import annotations

from types import ModuleType

from pydb.errors import PydbError
from pydb.project import Project
from pydb.values.application_modules import is_missing
from pydb.values.records import records_by_name

__all__ = ["project_records"]


def project_records(project: Project) -> dict[str, type] | None:
    """The records of the generated package, or of the module ``records`` in [tool.pydb]; None without both."""
    generated = f"{project.package}.records" if project.package else None
    for name in (generated, project.records):
        if project.file is not None and name is not None:
            module = _module(name, project)
            if module is not None:
                return records_by_name(module)
    return None


def _module(name: str, project: Project) -> ModuleType | None:
    """The module with this name; None for a package that is not generated yet."""
    try:
        return project.own_modules.module(name)
    except PydbError as error:
        if is_missing(error, name):
            if name != project.records:
                return None
            hint = "records in [tool.pydb] must name a module"
            raise PydbError(f"the records cannot be imported: {error.__cause__}", hint=hint) from None
        raise PydbError(f"the records: {error.message}", hint=error.hint) from error
