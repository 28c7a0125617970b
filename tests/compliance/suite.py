"""SQLAlchemy's compliance suite for dialects: pytest collects it from here, ``conftest`` says on which engine."""

from sqlalchemy.testing.suite import *  # noqa: F403 - pytest takes the tests that a module has
