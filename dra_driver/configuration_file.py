"""The file that a node's configuration stands in, and what of it is in force: the last content that could be read.

A ConfigMap changes by a symbolic link, an editor by rename, so the content is looked at and not the file's time.
Not here: what the content means (dra_driver.configuration).
"""

import logging
from pathlib import Path
from typing import Final

from catalog.errors import HamiError, InvalidInputError
from dra_driver.configuration import NodeConfiguration, parse_configuration

_LOG: Final = logging.getLogger(__name__)
_SIZE_LIMIT_BYTES: Final = 2**20


class ConfigurationFile:
    """The configuration of one node, followed by `reload`. Without a path it stays what it is by default."""

    def __init__(self, path: Path | None, node_name: str, base: NodeConfiguration) -> None:
        """Read the file. Raises `InvalidInputError` when it cannot be used: a driver does not start on a guess."""
        self._path = path
        self._node_name = node_name
        self._base = base
        self._seen = self._content() if path else ""
        """Content, or the reason why there is none, that was last looked at."""
        self._current = self._parsed(self._seen) if path else base
        _log_without_effect(self._current)

    def current(self) -> NodeConfiguration:
        """Return what is in force now."""
        return self._current

    def reload(self) -> None:
        """Take over what the file says now. What cannot be used is said once, and the last good content stays in force."""
        if self._path is None:
            return
        try:
            content, problem = self._content(), None
        except HamiError as error:
            content, problem = str(error), error
        if content == self._seen:
            return
        self._seen = content
        try:
            if problem is not None:
                raise problem
            self._current = self._parsed(content)
        except HamiError as error:
            _LOG.error("configuration: NOT TAKEN OVER, the last good one stays in force: %s", error)
        else:
            _LOG.info("configuration: %s was read anew", self._path)
            _log_without_effect(self._current)

    def _content(self) -> str:
        path = self._path or Path()
        try:
            with path.open(encoding="utf-8") as file:
                content = file.read(_SIZE_LIMIT_BYTES + 1)
        except OSError as error:
            raise InvalidInputError(f"{path}: {error.strerror}; name a readable file with --config") from error
        except UnicodeDecodeError as error:
            raise InvalidInputError(f"{path}: is not UTF-8 text; docs/configuration.md describes the file") from error
        if len(content) > _SIZE_LIMIT_BYTES:
            raise InvalidInputError(f"{path}: is over 1 MiB; docs/configuration.md describes the file")
        return content

    def _parsed(self, content: str) -> NodeConfiguration:
        return parse_configuration(content, self._node_name, str(self._path), self._base)


def _log_without_effect(configuration: NodeConfiguration) -> None:
    if configuration.without_effect:
        _LOG.warning("configuration: without effect here: %s", ", ".join(configuration.without_effect))
