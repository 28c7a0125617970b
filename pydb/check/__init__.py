"""Prove every statement against real databases: a project in, findings and a count of what was proven out."""

from pydb.check.codes import CODES
from pydb.check.project import Inputs, Report, check

__all__ = ["CODES", "Inputs", "Report", "check"]
