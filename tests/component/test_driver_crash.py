"""A driver killed at every change it makes to the disk: in Prepare, in Unprepare, at its start and at garbage, alone or beside another."""

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_the_next_driver_repairs_whatever_a_killed_one_left() -> None:
    command = [sys.executable, "-m", "tests.component.crashing_driver"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert {name: outcome["failures"] for name, outcome in report.items() if outcome["failures"]} == {}, done.stderr
    assert len(report) == 7
    assert all(outcome["kills"] >= 6 for outcome in report.values()), report
