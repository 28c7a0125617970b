"""Tests of the project itself: layout, wheels, Makefile, types, documents, and the servers of the tests."""
