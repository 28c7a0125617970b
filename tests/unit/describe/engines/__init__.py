"""Tests of the modules in pydb/describe/engines."""
