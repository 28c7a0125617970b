"""For every statement that is proven and generated: it runs, and what comes is what its signature says."""

from __future__ import annotations

import pytest

import pydb.sample
from pydb import Database
from pydb.prove import lines_of, prove_calls

pytestmark = pytest.mark.deep


def test_the_sample_keeps_the_law(db: Database, engine_name: str) -> None:
    """Every statement of the sample works on every engine, and gives what its signature says."""
    report = prove_calls(db, pydb.sample, engine_name)
    assert report.called > 150
    assert not [*report.broken, *report.unproven, *report.empty_tables], "\n".join(lines_of(report))
