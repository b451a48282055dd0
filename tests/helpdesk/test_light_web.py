"""A web process loads no learning: numpy and scikit-learn take a second and a hundred megabytes."""

from __future__ import annotations

import subprocess
import sys

SCRIPT = """
import sys
from helpdesk.wsgi import application
from django.urls import get_resolver
list(get_resolver().url_patterns)
import tickets.workspace.urls, tickets.tasks
heavy = sorted({name.split(".")[0] for name in sys.modules} & {"numpy", "scipy", "sklearn", "joblib"})
print(heavy, [name for name in sys.modules if name.startswith("tickets.learning")])
"""


def test_it_works(process_env: dict[str, str]) -> None:
    found = subprocess.run(
        [sys.executable, "-c", SCRIPT], env=process_env, capture_output=True, text=True, check=True
    )
    assert found.stdout.splitlines()[-1] == "[] []"
