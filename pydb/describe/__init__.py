"""Describe statements without running them: definitions and a database with the schema in, DescribedStatements out."""

from pydb.describe.described import DescribedColumn, DescribedParameter, DescribedStatement, Refusal
from pydb.describe.scratch import existing, scratch
from pydb.describe.session import Session
from pydb.describe.variants import describe

__all__ = [
    "DescribedColumn",
    "DescribedParameter",
    "DescribedStatement",
    "Refusal",
    "Session",
    "describe",
    "existing",
    "scratch",
]
