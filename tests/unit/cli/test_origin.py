"""The origin of the running pydb, as a requirement."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pydb.cli import origin as origin_module
from pydb.cli.origin import origin


class Installed:
    """The metadata of an installed pydb."""

    version = "1.2"

    def __init__(self, text: str | None) -> None:
        self.text = text

    def read_text(self, name: str) -> str | None:
        assert name == "direct_url.json"
        return self.text


@pytest.mark.parametrize(
    ("direct", "expected"),
    [
        (None, "pydb[cli]>=1.2"),
        ({"url": "{folder}", "dir_info": {"editable": True}}, "pydb[cli] @ {folder}"),
        ({"url": "{folder}", "dir_info": {}}, "pydb[cli] @ {folder}"),
        ({"url": "{folder}", "dir_info": {}, "subdirectory": "a"}, "pydb[cli] @ {folder}#subdirectory=a"),
        ({"url": "{folder}/gone.whl", "archive_info": {}}, "pydb[cli]>=1.2"),
        ({"url": "https://x/p.whl", "archive_info": {}}, "pydb[cli] @ https://x/p.whl"),
        ({"url": "https://x/p", "vcs_info": {"vcs": "git", "commit_id": "ab"}}, "pydb[cli] @ git+https://x/p@ab"),
        ({"url": 1}, "pydb[cli]>=1.2"),
        ([], "pydb[cli]>=1.2"),
    ],
)
def test_the_requirement(direct: object, expected: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The requirement is the URL from the installer if it still exists, or else name and version."""
    folder = tmp_path / 'it\'s a "clone"'
    folder.mkdir()
    text = None if direct is None else json.dumps(direct).replace("{folder}", folder.as_uri())
    monkeypatch.setattr(origin_module, "distribution", lambda name: Installed(text))
    assert origin().requirement("cli") == expected.replace("{folder}", folder.as_uri())
