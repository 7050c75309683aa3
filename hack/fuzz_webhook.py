"""Bodies that no API server sends, thrown at admission: `python -m hack.fuzz_webhook --rounds 1000000`.

Each must be answered, or refused as no review, and never be a fault of ours. Seeds are reviews as they are; what becomes of them is
truncated, spliced, bent and nested. A number seeds the chance, so that what was found is found again.
"""

import argparse
import asyncio
import json
import logging
import random
import sys
import time
from collections import Counter
from collections.abc import Sequence
from copy import deepcopy
from typing import Any, Final

from catalog.errors import InvalidInputError
from hack.webhook_bench import question
from webhook.admission import Admission
from webhook.conversion.template import Template

_LARGE_BYTES: Final = 3 * 2**20
_LARGE_EVERY: Final = 20_000
_DEEP: Final = 3000

Outcomes = Counter[str]

_VALUES: Final[Sequence[Any]] = (
    None, True, 0, -1, 2**63, 1e308, 0.5, "", "0", "-1", "1e3", "1Ki", "0.5", "9" * 400, "4Gi", "💥", "\ud800", "a\nb", "../..", [], {},
    [[]], {"": ""}, ["x"] * 40, "x" * 5000, "GPU", "ignore", "true", "hami-core", "binpack", "mutex,binpack", "1,2,x", "DELETE", "UPDATE",
)  # fmt: skip
_NAMES: Final = (
    "nvidia.com/gpu", "nvidia.com/gpumem", "nvidia.com/gpumem-percentage", "nvidia.com/gpucores", "nvidia.com/priority", "limits",
    "requests", "claims", "resources", "initContainers", "containers", "env", "name", "value", "restartPolicy", "nodeName", "labels",
    "annotations", "hami.io/webhook", "hami.io/converted", "nvidia.com/use-gputype", "nvidia.com/vgpu-mode", "hami.io/gpu-memory",
    "hami.io/node-scheduler-policy", "hami.io/gpu-scheduler-policy", "securityContext", "unknown",
)  # fmt: skip
_TOKENS: Final = (
    b"\x00",
    b"\xff\xfe",
    b'"',
    b"\\u0000",
    b"\\ud800",
    b"{",
    b"[",
    b"}",
    b",",
    b"null",
    b"-",
    b"1e999",
    b"\xed\xa0\x80",
)


class NoTemplates:
    """Keeps nothing."""

    def is_known(self, namespace: str, template: Template) -> bool:
        """Whether there is nothing to wait for."""
        return True

    async def ensure(self, namespace: str, template: Template) -> None:
        """Return at once."""


async def fuzz(rounds: int, seed: int) -> Outcomes:
    """Throw so many bodies. Raises `AssertionError` with the body for one that is a fault of ours."""
    chance, admission, outcomes = random.Random(seed), Admission(NoTemplates()), Outcomes()  # noqa: S311  to be repeated
    for number in range(rounds):
        body = _large(chance) if number % _LARGE_EVERY == _LARGE_EVERY - 1 else _body(chance)
        outcomes[await _outcome(admission, body)] += 1
    return outcomes


async def _outcome(admission: Admission, body: bytes) -> str:
    try:
        reply = admission.reply(body)
        answer = reply if isinstance(reply, bytes) else await reply
    except InvalidInputError as error:
        if "Traceback" in str(error):
            raise AssertionError(f"a trace in the answer to {body[:2000]!r}") from error
        return "no review"
    response = json.loads(answer)["response"]
    if response["allowed"]:
        return "converted" if "patch" in response else "unchanged"
    if response["status"]["code"] >= 500:
        raise AssertionError(f"a fault of ours at {body[:4000]!r}")
    return "refused"


def _body(chance: random.Random) -> bytes:
    bent = json.loads(question.review())
    for _ in range(chance.choice((0, 1, 1, 2, 4))):
        chance.choice((_bend, _ask))(chance, bent)
    body = json.dumps(bent).encode("utf-8", "surrogatepass")
    return chance.choice(_SPOILERS)(chance, body)


def _ask(chance: random.Random, review: Any) -> None:  # noqa: ANN401  any JSON
    """Ask for something odd, where what is there still has the form."""
    try:
        pod = review["request"]["object"]
        limits = pod["spec"]["containers"][0]["resources"]["limits"]
        asked = chance.choice((limits, limits, pod["metadata"]["annotations"]))
        asked[chance.choice(_NAMES)] = deepcopy(chance.choice(_VALUES))
    except (KeyError, TypeError, IndexError, AttributeError):
        _bend(chance, review)


def _bend(chance: random.Random, document: Any) -> None:  # noqa: ANN401  any JSON
    """Change something somewhere in a document."""
    while True:
        if isinstance(document, dict) and document:
            name = chance.choice(sorted(document))
            if isinstance(document[name], dict | list) and document[name] and chance.random() < 0.85:
                document = document[name]
                continue
            document[chance.choice((name, chance.choice(_NAMES)))] = deepcopy(chance.choice(_VALUES))
        elif isinstance(document, list) and document:
            index = chance.randrange(len(document))
            if isinstance(document[index], dict | list) and chance.random() < 0.85:
                document = document[index]
                continue
            document[index] = deepcopy(chance.choice(_VALUES))
        return


def _as_it_is(_chance: random.Random, body: bytes) -> bytes:
    return body


def _truncated(chance: random.Random, body: bytes) -> bytes:
    return body[: chance.randrange(len(body))]


def _with_a_token(chance: random.Random, body: bytes) -> bytes:
    place = chance.randrange(len(body))
    return body[:place] + chance.choice(_TOKENS) + body[place + chance.choice((0, 1)) :]


def _with_other_bytes(chance: random.Random, body: bytes) -> bytes:
    changed = bytearray(body)
    for _ in range(chance.randrange(1, 6)):
        changed[chance.randrange(len(changed))] = chance.randrange(256)
    return bytes(changed)


def _repeated_in_part(chance: random.Random, body: bytes) -> bytes:
    start, end = sorted((chance.randrange(len(body)), chance.randrange(len(body))))
    return body[:end] + body[start:]


def _nested(chance: random.Random, body: bytes) -> bytes:
    place = body.find(b":", chance.randrange(len(body))) + 1
    opening = chance.choice((b"[", b'{"a":'))
    return body[:place] + opening * chance.randrange(_DEEP) + body[place:]


_SPOILERS: Final = (
    _as_it_is,
    _as_it_is,
    _as_it_is,
    _truncated,
    _with_a_token,
    _with_other_bytes,
    _repeated_in_part,
    _nested,
)


def _large(chance: random.Random) -> bytes:
    bent = json.loads(question.review())
    bent["request"]["object"]["metadata"]["annotations"]["example.org/large"] = "x" * _LARGE_BYTES
    _bend(chance, bent)
    return json.dumps(bent).encode("utf-8", "surrogatepass")


def main() -> int:
    """Fuzz and print what became of the bodies."""
    parser = argparse.ArgumentParser(description="Throw bodies at the webhook's admission that no API server sends.")
    parser.add_argument("--rounds", type=int, default=100_000, help="(%(default)s)")
    parser.add_argument("--seed", type=int, default=1, help="(%(default)s)")
    arguments = parser.parse_args()
    logging.disable(logging.ERROR)
    started_s = time.perf_counter()
    outcomes = asyncio.run(fuzz(arguments.rounds, arguments.seed))
    taken_s = time.perf_counter() - started_s
    print(f"{arguments.rounds} bodies in {taken_s:.0f} s, seed {arguments.seed}: no fault, no trace")
    for outcome, count in outcomes.most_common():
        print(f"{count:>9} {outcome}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
