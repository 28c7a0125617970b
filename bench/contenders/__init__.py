"""The contenders, each used as its documentation says."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bench.contenders.base import Contender


def contenders() -> Sequence[type[Contender]]:
    """All contenders; the others are compared with the first."""
    from bench.contenders.aiosql_ import Aiosql
    from bench.contenders.core import Core
    from bench.contenders.orm import Orm
    from bench.contenders.pugsql_ import Pugsql
    from bench.contenders.pydb_ import Pydb
    from bench.contenders.raw import Raw, RawTuples
    from bench.contenders.sqlspec_ import Sqlspec

    return (Raw, RawTuples, Pydb, Aiosql, Core, Orm, Pugsql, Sqlspec)
