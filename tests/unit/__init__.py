"""Tests of one module each: tests/unit/sqlfile/test_header.py has those of pydb/sqlfile/header.py."""
