"""`make demo` as a new user runs it: it says what it does, shows every proof, ends well twice, and leaves nothing behind."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from hack.local_cluster.layout import NAMESPACES, RUN_FOLDER
from hack.local_cluster.store import cache_folder

pytestmark = pytest.mark.node

NAME = "test-demo"
REPOSITORY = Path(__file__).parents[2]


def demo(action: str) -> str:
    command = [sys.executable, "-m", "hack.demo", action, "--name", NAME]
    environ = os.environ | {"YES": "1"}
    done = subprocess.run(
        command, cwd=REPOSITORY, env=environ, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_demo_shows_what_it_promises_and_leaves_nothing() -> None:
    try:
        first = demo("up")
        assert demo("up").count("limits hold to the MiB") == 1, "a second time changes nothing and shows the same"
    finally:
        last = demo("down")
    for words in (
        "resourceClaimTemplateName",
        "$ kubectl describe resourceclaim",
        "gpu-3-share",
        "All 33 limits hold to the MiB",
        "% in the mean, of 30 % granted",
        "make demo-down",
    ):
        assert words in first
    assert "nothing of it is left but the cache" in last
    assert not (RUN_FOLDER / NAME).exists()
    assert not (NAMESPACES / f"hami-{NAME}").exists()
    assert not (cache_folder() / "state" / NAME).exists()
    assert "it is not running" in demo("down")
