"""Find where the running pydb was installed from: its metadata in, a requirement that installs the same out."""

from __future__ import annotations

import json
from collections.abc import Mapping
from importlib.metadata import Distribution, PackageNotFoundError, distribution, version
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pydb

__all__ = ["Origin", "origin", "pydb_version"]


class Origin:
    """A version of pydb, and the URL from which it was installed; None for a package index or a lost folder."""

    def __init__(self, version: str, url: str | None) -> None:
        self.version, self.url = version, url

    def requirement(self, *extras: str) -> str:
        """``pydb[cli]>=0.2.0`` or ``pydb[cli] @ file:///home/me/pydb``."""
        name = f"pydb[{','.join(extras)}]" if extras else "pydb"
        return f"{name}>={self.version}" if self.url is None else f"{name} @ {self.url}"


def origin() -> Origin:
    """The origin of the running pydb as its installer recorded it (PEP 610), or else the clone in which it runs."""
    try:
        found = distribution("pydb")
    except PackageNotFoundError:
        clone = Path(pydb.__file__).resolve().parent.parent
        return Origin("0", clone.as_uri() if (clone / "pyproject.toml").is_file() else None)
    return Origin(found.version, _url(found))


def pydb_version() -> str:
    """The version of the running pydb."""
    try:
        return version("pydb")
    except PackageNotFoundError:  # run from the source tree
        return "unknown, not installed"


def _url(found: Distribution) -> str | None:
    try:
        direct: Any = json.loads(found.read_text("direct_url.json") or "null")
    except ValueError:
        return None
    return _installable(direct) if isinstance(direct, dict) and isinstance(direct.get("url"), str) else None


def _installable(direct: Mapping[str, Any]) -> str | None:
    """The URL as a requirement spells it; None for a file or folder that no longer exists."""
    url, part = direct["url"], direct.get("subdirectory")
    if (version_control := direct.get("vcs_info")) is not None:
        url = f"{version_control['vcs']}+{url}@{version_control['commit_id']}"
    parts = urlsplit(url)
    if parts.scheme == "file" and not Path(unquote(parts.path)).exists():
        return None
    return f"{url}#subdirectory={part}" if part else str(url)
