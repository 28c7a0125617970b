"""Tests of the modules in pydb/execution."""
