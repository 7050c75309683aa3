"""What a line of the driver's log is about: the claim and the pods of the call in which it is written.

Not here: the log's form (daemon.logs).
"""

from collections.abc import Mapping
from typing import Any

from dra_driver.call import Call, current_call


def call_at_hand() -> Mapping[str, Any]:
    """Return `claim` and `pods` of the call that is being answered, or nothing outside of one."""
    call = current_call()
    return {} if call is None else _about(call)


def _about(call: Call) -> dict[str, Any]:
    claim = {"namespace": call.namespace, "name": call.name, "uid": call.uid}
    return {"claim": claim} | ({"pods": [pod.name for pod in call.pods]} if call.pods else {})
