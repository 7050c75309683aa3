"""`make bench`: every figure of docs/measurements.md, measured anew on this machine.

Each benchmark is a program of its own; this runs them one after the other.
"""

import os
import subprocess
import sys
from typing import Final

PYTHON: Final = sys.executable
BENCHMARKS: Final = {
    "bookkeeping of the interceptor": ["make", "-C", "native", "bench"],
    "Prepare, without the API's GET": [PYTHON, "-m", "hack.bench_prepare"],
    "webhook": [PYTHON, "-m", "hack.webhook_bench"],
    "limits that change, and looks at shares": [PYTHON, "-m", "hack.node_bench"],
}
WITH_ROOT: Final = {"cluster, pod start, memory of driver and webhook": [PYTHON, "-m", "hack.bench_cluster"]}


def main() -> int:
    """Run all of them one after the other; return 1 if any failed."""
    chosen = BENCHMARKS | (WITH_ROOT if os.geteuid() == 0 else {})
    failed = []
    for title, command in chosen.items():
        print(f"\n── {title}", flush=True)
        if subprocess.run(command, check=False).returncode:
            failed.append(title)
    for title in WITH_ROOT.keys() - chosen.keys():
        print(f"\n── {title}: left out, it needs root")
    if failed:
        print(f"\nbench: failed: {', '.join(failed)}", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
