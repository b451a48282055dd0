"""What `make` says where a part of Python is missing. The virtual environment goes to a folder that is not there."""

import shutil
import subprocess
from pathlib import Path

import pytest

from helpdesk import env

pytestmark = pytest.mark.skipif(shutil.which("make") is None, reason="make is not installed")


def make_up(tmp_path: Path, python: str) -> subprocess.CompletedProcess[str]:
    command = ["make", "--silent", "up", f"PYTHON={python}", f"VENV={tmp_path / 'venv'}"]
    return subprocess.run(command, cwd=env.BASE_DIR, capture_output=True, text=True, check=False)


def stand_in(tmp_path: Path, *, lacking: str) -> str:
    """A Python that fails on any program that mentions a word."""
    script = tmp_path / "python"
    script.write_text(f'#!/bin/sh\ncase "$2" in *{lacking}*) exit 1;; esac\nexit 0\n')
    script.chmod(0o755)
    return str(script)


def test_too_old_a_python(tmp_path: Path) -> None:
    ended = make_up(tmp_path, stand_in(tmp_path, lacking="version_info"))
    assert ended.returncode != 0
    assert ended.stdout.startswith("Python 3.11 or newer is needed")
    assert ended.stdout.count("\n") == 1


def test_no_venv(tmp_path: Path) -> None:
    ended = make_up(tmp_path, stand_in(tmp_path, lacking="ensurepip"))
    assert ended.returncode != 0
    assert (
        ended.stdout
        == "This Python lacks its venv part. On Debian and Ubuntu: apt-get install python3-venv\n"
    )
