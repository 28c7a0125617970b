"""Tests of the modules in pydb/support."""
