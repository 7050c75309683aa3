"""YAML (and JSON, which is a part of it) from files that people and other programs write: a document, or an error in words.

PyYAML raises more than its own errors, for dates that there are none of and for nesting without end; this is the one place that
knows. Not here: what a document means, and files.
"""

from typing import Any, Final

import yaml

from catalog.errors import InvalidInputError

_LOADER: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""libyaml's where it is there: a base spec of a large node is 300 KiB."""


def parse_yaml(text: str, where: str) -> Any:  # noqa: ANN401  any YAML
    """Return the document in `text`. Raises `InvalidInputError` naming `where` and the place of the fault."""
    try:
        return yaml.load(text, Loader=_LOADER)  # noqa: S506  a safe loader either way
    except (yaml.YAMLError, ValueError, TypeError, LookupError, AttributeError) as error:
        raise InvalidInputError(f"{where}: not YAML ({' '.join(str(error).split())})") from error
    except RecursionError as error:
        raise InvalidInputError(f"{where}: not YAML that can be read (nested too deeply)") from error
