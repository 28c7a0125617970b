"""The site's interface to each engine."""

import pytest
from pygments.lexers import get_lexer_by_name

from pydb.engines import engine_names
from pydb.site.engine_site import site_of


@pytest.mark.parametrize("engine", engine_names())
def test_each_engine_has_a_lexer(engine: str) -> None:
    """Pygments has a lexer for each engine's SQL."""
    assert get_lexer_by_name(site_of(engine).lexer)
