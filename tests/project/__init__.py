"""Tests of the project itself: layout, wheels, Makefile, types, documents, the servers that tests start."""
