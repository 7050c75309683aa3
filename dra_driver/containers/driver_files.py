"""What containers get of the driver from now on: read at start, and anew when the node's driver or its base spec changes.

Claims that are prepared keep their spec until they are prepared again. Not here: where it is read from (dra_driver.cards.base_source,
dra_driver.cards.driver_root).
"""

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Final

from catalog.errors import HamiError
from dra_driver.background import in_thread
from dra_driver.cards.base_source import BaseSource, Identity
from dra_driver.cards.card import Card
from dra_driver.cards.driver_root import read_driver_root
from dra_driver.containers.edits import NodeFiles
from dra_driver.ticks import tick

_LOG: Final = logging.getLogger(__name__)
_LOOK_S: Final = 10.0
"""A driver is installed for longer than that, and its files are there before the cards can be used."""
_RETRY_S: Final = 60.0
"""What failed for a moment, such as nvidia-ctk before the kernel modules are loaded, is tried again without any change."""


class DriverFiles:
    """The driver's files on one node."""

    def __init__(
        self, files: NodeFiles, source: BaseSource, cards: Sequence[Card], clock: Callable[[], float] = time.monotonic
    ) -> None:
        """Take `files`, whose driver root was just read, and look for a base spec that is at hand; no program is run for one.

        Raises `HamiError` for a file that was named and cannot be used.
        """
        self._source = source
        self._cards = cards
        self._clock = clock
        self._taken: Identity = source.identity()
        self._earlier = self._taken
        self._module = source.module_version()
        self._looked_at_s = clock()
        self._problem = ""
        self._files = replace(files, base=source.at_hand())

    def current(self) -> NodeFiles:
        """Return what a claim that is prepared now is given."""
        return self._files

    async def follow(self) -> None:
        """Ask the toolkit if nothing was at hand, then look for changes for ever. Who stops does not wait for the toolkit."""
        if self._files.base is None and self._source.toolkit() is not None:
            await in_thread(partial(self._read, self._source.root), name="driver-files")
        while True:
            await tick(_LOOK_S)
            await in_thread(self.look, name="driver-files")

    def look(self) -> None:
        """Read anew what two looks in a row found changed: an installation that is under way is left to finish."""
        now = self._source.identity()
        is_settled, self._earlier = now == self._earlier, now
        is_due = bool(self._problem or self._source.said) and self._clock() - self._looked_at_s >= _RETRY_S
        if is_settled and (now != self._taken or is_due):
            self._read(self._source.root)
            self._taken, self._looked_at_s = now, self._clock()
            self._compare_module()

    def _compare_module(self) -> None:
        """Say so when the versions in slices are no longer those of the driver: NVML speaks to the module that it was loaded for."""
        loaded = self._source.module_version()
        if loaded and loaded != self._module:
            _LOG.error(
                "NVIDIA kernel module: another one is loaded now (%s); driverVersion and cudaDriverVersion in slices are "
                "those of the start (%s). Restart this driver; pods that run are not disturbed",
                loaded,
                self._module or "none",
            )
            self._module = loaded

    def _read(self, root: Path) -> None:
        try:
            files = replace(self._files, driver_root=read_driver_root(root, self._cards), base=self._source.read())
        except HamiError as error:
            if str(error) != self._problem:
                _LOG.error("driver files: NOT TAKEN OVER, the last good ones stay in force: %s", error)
            self._problem = str(error)
            return
        self._problem = ""
        if files != self._files:
            _LOG.warning(
                "driver files: the driver or its CDI spec has changed; claims that are prepared from now on get the new files"
            )
        self._files = files
