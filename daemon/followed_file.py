"""A file that a program follows while it runs, and what of it is in force: the last content that could be used.

A ConfigMap changes by a symbolic link, an editor by rename, so the content is looked at and not the file's time.
Not here: what the content means; the parser says so.
"""

import logging
from collections.abc import Callable
from pathlib import Path
from typing import Final, Generic, TypeVar

from catalog.errors import HamiError, InvalidInputError

_LOG: Final = logging.getLogger(__name__)
_SIZE_LIMIT_BYTES: Final = 2**20

T = TypeVar("T")


class FollowedFile(Generic[T]):
    """The content of one file as the parser reads it, followed by `reload`."""

    def __init__(self, path: Path, parse: Callable[[str], T]) -> None:
        """Read the file. Raises `InvalidInputError` when it cannot be used: no program starts on a guess."""
        self._path = path
        self._parse = parse
        self._seen = self._content()
        """Content, or the reason why there is none, that was last looked at."""
        self._current = parse(self._seen)

    def current(self) -> T:
        """Return what is in force now."""
        return self._current

    def reload(self) -> bool:
        """Take over what the file says now; return whether that is new. What cannot be used is said once, and changes nothing."""
        try:
            content, problem = self._content(), None
        except HamiError as error:
            content, problem = str(error), error
        if content == self._seen:
            return False
        self._seen = content
        try:
            if problem is not None:
                raise problem
            self._current = self._parse(content)
        except HamiError as error:
            _LOG.error("configuration: NOT TAKEN OVER, the last good one stays in force: %s", error)
            return False
        _LOG.info("configuration: %s was read anew", self._path)
        return True

    def _content(self) -> str:
        path = self._path
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
