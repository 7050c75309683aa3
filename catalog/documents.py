"""A parsed document as the form that it must have; what differs is told by its field, with a remedy. Pure.

Not here: parsing (catalog.yaml_text), and what the values mean.
"""

from collections.abc import Callable
from typing import TypeVar

import msgspec

from catalog.errors import InvalidInputError

_Form = TypeVar("_Form", bound=msgspec.Struct)


def formed(document: object, form: type[_Form], where: str, remedy: Callable[[str, str], str]) -> _Form:
    """Return a document, which `where` names in messages, as a `form`. `remedy` is asked by msgspec's problem and the field's path.

    Raises `InvalidInputError` naming document, field and remedy.
    """
    try:
        return msgspec.convert(document, form)
    except msgspec.ValidationError as error:
        problem, _, path = str(error).partition(" - at `$")
        field = path.rstrip("`").lstrip(".") or "the file"
        raise InvalidInputError(f"{where}: {field}: {problem}; {remedy(problem, field)}") from error
