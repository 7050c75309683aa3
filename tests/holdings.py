"""What is held on a share, looked at once. Not here: looking again and again, which is dra_driver.shares.slots' own."""

from pathlib import Path

from dra_driver.shares.slots import Holdings, HoldingsReader


def read_holdings(usage: Path) -> Holdings:
    """Return what is held on the share of the usage page at that path."""
    return HoldingsReader().read(str(usage))
