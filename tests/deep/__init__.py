"""Tests that take minutes: run them by path, as python -m pytest tests/deep."""
