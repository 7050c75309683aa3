"""The configuration of one node: what its file says, or what holds without one.

Not here: how a file is followed (daemon.followed_file), and what it means (dra_driver.configuration).
"""

import logging
from pathlib import Path
from typing import Final

from daemon.followed_file import FollowedFile
from dra_driver.configuration import NodeConfiguration, parse_configuration

_LOG: Final = logging.getLogger(__name__)


class ConfigurationFile:
    """The configuration of one node, followed by `reload`. Without a path it stays what it is by default."""

    def __init__(self, path: Path | None, node_name: str, base: NodeConfiguration) -> None:
        """Read the file. Raises `InvalidInputError` when it cannot be used: a driver does not start on a guess."""

        def parse(content: str) -> NodeConfiguration:
            return parse_configuration(content, node_name, str(path), base)

        self._base = base
        self._file = FollowedFile(path, parse) if path else None
        _log_without_effect(self.current())

    def current(self) -> NodeConfiguration:
        """Return what is in force now."""
        return self._file.current() if self._file else self._base

    def reload(self) -> None:
        """Take over what the file says now. What cannot be used is said once, and the last good content stays in force."""
        if self._file and self._file.reload():
            _log_without_effect(self.current())


def _log_without_effect(configuration: NodeConfiguration) -> None:
    if configuration.without_effect:
        _LOG.warning("configuration: without effect here: %s", ", ".join(configuration.without_effect))
