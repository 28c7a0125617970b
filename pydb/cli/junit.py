"""Write findings as JUnit XML for a CI system: findings and what was examined in, XML out.

Each statement, and each file that was examined as a whole, is a test case.  Each error is a failure of its case; notes
are its output.  Source of the elements: https://github.com/testmoapp/junitxml.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from pathlib import PurePath
from xml.etree import ElementTree

from pydb.findings import Examined, Finding, as_text, by_examined
from pydb.support.escapes import escaped

__all__ = ["as_junit"]


def as_junit(findings: Sequence[Finding], examined: Sequence[Examined], name: str) -> str:
    """A document with a suite for each file; ``name`` is that of the command."""
    found, others = by_examined(findings, examined)
    cases = [(item.file, item.line, item.statement or PurePath(item.file).name, found[item]) for item in found]
    # A finding that belongs to no examined item, such as a file that cannot be read, is a separate case.
    cases += [(item.file, item.line, item.statement or f"{item.code}, line {item.line}", [item]) for item in others]
    root = ElementTree.Element("testsuites", {"name": name})
    for file, group in groupby(sorted(cases, key=lambda case: case[:3]), key=lambda case: case[0]):
        suite = ElementTree.SubElement(root, "testsuite", {"name": escaped(file)})
        for _, line, title, items in group:
            _add_case(suite, file, line, title, items)
        _count(suite, [suite])
    _count(root, list(root))
    ElementTree.indent(root)
    return ElementTree.tostring(root, encoding="unicode", xml_declaration=True)


def _add_case(suite: ElementTree.Element, file: str, line: int, title: str, items: Sequence[Finding]) -> None:
    place = {"name": title, "classname": file, "file": file, "line": str(line)}
    case = ElementTree.SubElement(suite, "testcase", {key: escaped(value) for key, value in place.items()})
    for item in items:
        if item.level == "error":
            failure = {"message": escaped(item.message), "type": escaped(item.code)}
            ElementTree.SubElement(case, "failure", failure).text = as_text(item)
    notes = [as_text(item) for item in items if item.level == "note"]
    if notes:
        ElementTree.SubElement(case, "system-out").text = "\n".join(notes)


def _count(element: ElementTree.Element, suites: Sequence[ElementTree.Element]) -> None:
    cases = [case for suite in suites for case in suite.iter("testcase")]
    failed = sum(case.find("failure") is not None for case in cases)
    element.attrib |= {"tests": str(len(cases)), "failures": str(failed), "errors": "0", "skipped": "0"}
