"""Tests of the modules in pydb/database."""
