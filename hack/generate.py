"""All generated files, or with `--check` whether they are up to date. Each generator is a program of its own; this calls them."""

import subprocess
import sys
from typing import Final

GENERATORS: Final = (
    "native.generator",
    "native.generator.pages",
    "native.generator.sim_card",
    "hack.generate_contexts",
    "hack.generate_proto",
)


def main() -> int:
    """Run every generator, all of them even when one fails; return 1 if any did."""
    failed = [
        name
        for name in GENERATORS
        if subprocess.run([sys.executable, "-m", name, *sys.argv[1:]], check=False).returncode != 0
    ]
    if failed:
        print(f"generate: failed: {', '.join(failed)}; run make generate and review the difference", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
