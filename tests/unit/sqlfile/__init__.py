"""Tests of the modules in pydb/sqlfile."""
