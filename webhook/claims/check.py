"""Whether the `ShareConfig` that a claim carries for our driver is one, by the path of the field that is wrong. Pure.

Prepare checks it again; here its author is told at once. What others' drivers are told is none of ours.
Not here: what the claim asks (that is the API server's and the scheduler's to judge).
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

import msgspec

from catalog.errors import InvalidInputError
from catalog.names import API_GROUP_VERSION, DRIVER, SHARE_CONFIG_KIND
from catalog.share_config import Copies, CorePolicy, ShareConfig
from webhook.conversion.rules import Rules

_FIELDS: Final = ShareConfig.__struct_encode_fields__
_MEANINGS: Final = {
    "apiVersion": f"write {API_GROUP_VERSION}",
    "kind": f"write {SHARE_CONFIG_KIND}",
    "priority": "write 0 (goes first) or 1",
    "corePolicy": f"write one of {', '.join(CorePolicy)}",
    "weight": "write a whole number from 1 to 1000",
    "liveCores": "write true or false",
    "copies": f"write one of {', '.join(Copies)}",
    "enforce": "write true or false",
    "oversubscribe": "write true or false",
}


def check_configs(spec: Mapping[str, Any], path: str, rules: Rules) -> None:
    """Raise `InvalidInputError` for the first configuration of our driver in a claim's spec, which stands at `path`, that is none."""
    for parameters, where in _parameters(spec, path):
        config = _parsed(parameters, where)
        if not config.enforce and not rules.allow_disable_control:
            raise InvalidInputError(
                f"{where}.enforce: false is not allowed in this cluster; leave it out, or let an administrator allow it in the webhook's"
                " configuration"
            )


def _parameters(spec: Mapping[str, Any], path: str) -> Iterator[tuple[object, str]]:
    devices = spec.get("devices")
    configs = devices.get("config") if isinstance(devices, Mapping) else None
    for index, each in enumerate(configs if isinstance(configs, list) else ()):
        opaque = each.get("opaque") if isinstance(each, Mapping) else None
        if isinstance(opaque, Mapping) and opaque.get("driver") == DRIVER:
            yield opaque.get("parameters"), f"{path}.devices.config[{index}].opaque.parameters"


def _parsed(parameters: object, where: str) -> ShareConfig:
    if not isinstance(parameters, Mapping):
        raise InvalidInputError(
            f"{where}: is no object; write apiVersion: {API_GROUP_VERSION}, kind: {SHARE_CONFIG_KIND}"
        )
    for field in ("apiVersion", "kind"):
        if field not in parameters:
            raise InvalidInputError(f"{where}.{field}: is missing; {_MEANINGS[field]}")
    for field in parameters:
        if field not in _FIELDS:
            raise InvalidInputError(
                f"{where}.{str(field)[:64]}: is no field of {SHARE_CONFIG_KIND}; its fields are {', '.join(_FIELDS)}."
                " Memory and cores are capacity, which a request asks"
            )
    try:
        return msgspec.convert(parameters, ShareConfig)
    except (msgspec.ValidationError, UnicodeError) as error:
        raise InvalidInputError(_in_words(str(error), where)) from error


def _in_words(error: str, where: str) -> str:
    """Return msgspec's words with the field before them that they name at their end."""
    words, _, place = error.partition(" - at `$.")
    field = place.removesuffix("`")
    return (
        f"{where}.{field}: {words}; {_MEANINGS.get(field, 'correct it')}" if field else f"{where}: {words}; correct it"
    )
