"""Tests of the adverse values of each engine."""
