"""The proofs of the accounting can fail: each of these changes to the source, built aside, is caught by the program named with it."""

import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

pytestmark = pytest.mark.native

NATIVE = Path(__file__).parents[2] / "native"


@dataclass(frozen=True)
class Mutant:
    name: str
    changes: tuple[tuple[str, str, str], ...]
    """File below native/src, what stands there once, and what shall stand there instead."""
    caught_by: str
    """Below the build folder."""
    says: str


MUTANTS = (
    Mutant(
        "no store to `done`",
        (("account.c", "    acknowledge(account, seen.tag);\n", "    (void)acknowledge;\n"),),
        "proof/explore",
        "FAILED  explore: two owners and their reapers",
    ),
    Mutant(
        "`done` is read before the tag",
        (
            (
                "account.c",
                "    uint64_t tag = load_acquire(&usage->word.tag);\n    uint64_t done = load_acquire(&place->done);\n",
                "    uint64_t done = load_acquire(&place->done);\n    uint64_t tag = load_acquire(&usage->word.tag);\n",
            ),
        ),
        "proof/explore",
        "FAILED  explore: two owners and their reapers",
    ),
    Mutant(
        "the charge is written after the swap",
        (
            ("account.h", "    uint64_t seq;\n", "    uint64_t seq, later;\n"),
            (
                "account.c",
                "    store_relaxed(&slot->charge_bytes[seq & 1], held_after);\n",
                "    account->later = held_after;\n",
            ),
            (
                "account.c",
                "    account->seq = seq;\n    return true;\n",
                "    account->seq = seq;\n"
                "    store_relaxed(&account->usage->slots[account->slot].charge_bytes[seq & 1], account->later);\n"
                "    return true;\n",
            ),
        ),
        "proof/explore",
        "FAILED  explore: two owners and their reapers",
    ),
    Mutant(
        "a slot is reaped without its lock",
        (("slot.c", "        if (!lock_slot(descriptor, i))\n", "        if (lock_slot(descriptor, i), false)\n"),),
        "proof/liveness",
        "FAILED  liveness: the living keep what they hold",
    ),
    Mutant(
        "a child inherits the mapping that keeps the lock",
        (("slot.c", " && madvise(page, 1, MADV_DONTFORK) == 0;", ";"),),
        "proof/liveness",
        "FAILED  liveness: a child that outlives its killed parent",
    ),
)


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
def test_a_wrong_accounting_is_caught(mutant: Mutant, tmp_path: Path) -> None:
    shutil.copytree(NATIVE, tmp_path / "native")
    for file, old, new in mutant.changes:
        source = tmp_path / "native" / "src" / file
        text = source.read_text()
        assert text.count(old) == 1, f"{file} has changed: {old!r}"
        source.write_text(text.replace(old, new))
    program = tmp_path / "build" / mutant.caught_by
    build = ["make", "-s", "-C", str(tmp_path / "native"), f"BUILD={tmp_path / 'build'}", str(program)]
    built = subprocess.run(build, capture_output=True, text=True, check=False, timeout=300)
    assert built.returncode == 0, built.stderr[-4000:]
    done = subprocess.run([program], capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode != 0
    assert mutant.says in done.stdout, done.stdout
