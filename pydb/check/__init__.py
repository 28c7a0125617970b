"""Prove every statement against real databases: a project in, findings and a count of what was proven out."""

from pydb.check.codes import CODES
from pydb.check.project import CheckReport, Inputs, check

__all__ = ["CODES", "CheckReport", "Inputs", "check"]
