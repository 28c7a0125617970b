"""Tests of single modules: tests/unit/sqlfile/test_header.py has those of pydb/sqlfile/header.py."""
