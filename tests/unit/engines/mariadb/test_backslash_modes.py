"""Whether a backslash is an ordinary character after the settings of a script."""

from __future__ import annotations

import pytest

from pydb.engines.mariadb.backslash_modes import BackslashModes
from pydb.sqlfile.script import statements

CASES = [
    (["SELECT 1", "INSERT INTO t VALUES ('sql_mode')"], True, False),
    (["SET sql_mode = ''"], False, True),
    (["set session SQL_MODE='ansi'"], False, True),
    (["SET @@session.sql_mode := 'ANSI,NO_BACKSLASH_ESCAPES'"], True, True),
    (["SET sql_mode = CONCAT(@@sql_mode, ',ANSI')"], True, True),
    (["SET sql_mode = REPLACE(@@sql_mode, 'NO_BACKSLASH_ESCAPES', '')"], False, True),
    (["/*!40101 SET @OLD_SQL_MODE=@@SQL_MODE, SQL_MODE='NO_AUTO_VALUE_ON_ZERO' */"], False, True),
    (["SET @a = @@sql_mode, sql_mode = ''", "/*!50003 SET sql_mode = @a */"], True, True),
    (["SET sql_mode = ''", "SET sql_mode = (SELECT a FROM t)"], False, False),
    (["SET sql_mode = ''", "SET `sql_mode` = 'ANSI'"], False, False),
    (["SET STATEMENT sql_mode = '' FOR SELECT 1"], False, False),
]


@pytest.mark.parametrize(("script", "plain", "known"), CASES)
def test_modes(script: list[str], plain: bool, known: bool) -> None:
    """The effect of a SET on the modes is read from its text; if the text does not show it, the modes are unknown."""
    modes = BackslashModes()
    for statement in script:
        modes.note(statement)
    assert (modes.plain_backslashes, modes.are_known) == (plain, known)


def test_a_script_is_cut_by_its_modes() -> None:
    """A backslash before a quote is an escape only after the script has set such a mode."""
    script = "SELECT 'a\\'; SELECT 'b';\nSET sql_mode = '';\nSELECT 'a\\'; SELECT \\'b';"
    found = [text for _, text in statements(script, "mariadb")]
    assert found == ["SELECT 'a\\'", "SELECT 'b'", "SET sql_mode = ''", "SELECT 'a\\'; SELECT \\'b'"]
