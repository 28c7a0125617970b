"""Tests of the modules in pydb/engines/postgresql."""
