"""The README's scripts, run as they are written."""

import json
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

from tests.conftest import absent

README = Path(__file__).parent.parent / "README.md"


def answers_of(heading: str, api: str) -> list[dict[str, Any]]:
    """The JSON values that the commands below a heading print, one after another."""
    if shutil.which("curl") is None:
        absent("curl", "apt install curl")
    done = subprocess.run(
        ["bash", "-eu", "-o", "pipefail", "-c", _script(heading)],
        env={"API": api, "PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    return _values(done.stdout)


def _script(heading: str) -> str:
    found = re.search(r"```sh\n(.+?)```", README.read_text().partition(heading)[2], re.DOTALL)
    assert found
    return found[1]


def _values(text: str) -> list[dict[str, Any]]:
    decoder, found, text = json.JSONDecoder(), [], text.strip()
    while text:
        value, end = decoder.raw_decode(text)
        found.append(value)
        text = text[end:].lstrip()
    return found
