"""SQLAlchemy's compliance suite for dialects, collected by pytest; ``conftest`` selects the engine."""

from sqlalchemy.testing.suite import *  # noqa: F403 - pytest takes the tests that a module has
