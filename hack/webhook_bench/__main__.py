"""Builds the peer and the load, measures both webhooks in turns, and prints the table.

A target that is missed is a line of the table; only what cannot be measured fails. Not here: who is measured (contenders.py).
"""

import base64
import json
import ssl
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from http.client import HTTPSConnection
from pathlib import Path
from typing import Any, Final

from catalog.errors import HamiError
from hack.driver_bench import figures
from hack.driver_bench.figures import Row
from hack.driver_bench.processes import cpu_s, memory
from hack.local_cluster import store
from hack.local_cluster.build import Builder
from hack.local_cluster.pki import Authority
from hack.local_cluster.programs import webhook_bench
from hack.local_cluster.progress import Progress
from hack.local_cluster.versions import pinned
from hack.webhook_bench import question
from hack.webhook_bench.contenders import HOST, LOAD_CORE, Contender, TemplateServer, ours, peer
from webhook.conversion.pod import convert
from webhook.conversion.review import decode_request

ROUNDS: Final = 5
ROUND: Final = "2s"
CONNECTIONS: Final = (8, 1)
_CONVERSIONS: Final = 2000


@dataclass
class Times:
    """What was measured of one webhook, round by round, by the number of connections."""

    rate: dict[int, list[float]] = field(default_factory=lambda: {each: [] for each in CONNECTIONS})
    """Reviews in a second."""
    p50_ms: dict[int, list[float]] = field(default_factory=lambda: {each: [] for each in CONNECTIONS})
    p99_ms: dict[int, list[float]] = field(default_factory=lambda: {each: [] for each in CONNECTIONS})
    cpu_us: dict[int, list[float]] = field(default_factory=lambda: {each: [] for each in CONNECTIONS})
    """CPU time of the server for one review."""
    writes: list[int] = field(default_factory=list)
    """Templates written during each round."""


def main() -> int:
    """Measure and print; return 1 where that cannot be done."""
    progress = Progress("bench-webhook")
    try:
        builder = Builder(store.cache_folder().resolve(), pinned().go.version, progress)
        program = builder.ensure([webhook_bench()])["webhook-bench"]
    except HamiError as error:
        print(f"bench-webhook: {error}", file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory(prefix="hami-bench-") as place:
        _measure(program, Path(place))
    return 0


def _measure(program: Path, folder: Path) -> None:
    authority, templates = Authority.create(folder / "ca"), TemplateServer()
    body = folder / "review.json"
    body.write_bytes(question.review())
    with (
        templates.serving(authority, folder) as kubeconfig,
        ours(authority, folder, kubeconfig) as mine,
        peer(program, authority, folder) as other,
    ):
        times = {contender.title: Times() for contender in (mine, other)}
        alike = _patch(authority, mine) == _patch(authority, other)
        for _ in range(ROUNDS):
            for connections in CONNECTIONS:
                for contender in (mine, other):
                    before = templates.writes
                    load = [str(program), "load", "-ca", str(authority.certificate), "-body", str(body)]
                    _round(contender, load, connections, times[contender.title])
                    times[contender.title].writes.append(templates.writes - before)
        resident_mib = [memory(contender.pid).resident_mib for contender in (mine, other)]
        _print(mine, times, resident_mib, templates.writes)
    print(
        "both give the same patch" if alike else "the peer's patch is another: its figures are of less, or more, work"
    )


def _round(contender: Contender, load: Sequence[str], connections: int, times: Times) -> None:
    command = ["taskset", "-c", LOAD_CORE, *load, "-address", f"{HOST}:{contender.port}"]
    command += ["-connections", str(connections), "-duration", ROUND]
    before_s = cpu_s(contender.pid)
    report = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    used_s = cpu_s(contender.pid) - before_s
    times.rate[connections].append(report["reviews"] / report["seconds"])
    times.p50_ms[connections].append(report["p50_ms"])
    times.p99_ms[connections].append(report["p99_ms"])
    times.cpu_us[connections].append(used_s / report["reviews"] * 1e6)


def _patch(authority: Authority, contender: Contender) -> list[Any]:
    trust = ssl.create_default_context(cafile=str(authority.certificate))
    connection = HTTPSConnection(HOST, contender.port, context=trust, timeout=10)
    connection.request("POST", "/mutate", question.review())
    response = json.loads(connection.getresponse().read())["response"]
    connection.close()
    patch: list[Any] = json.loads(base64.b64decode(response["patch"]))
    for operation in patch:
        if isinstance(operation.get("value"), str):  # the annotation: JSON, in whichever order
            operation["value"] = json.loads(operation["value"])
    return patch


def _print(mine: Contender, times: dict[str, Times], resident_mib: Sequence[float], writes: int) -> None:
    one, other = times.values()
    rows = [row for connections in CONNECTIONS for row in _rates(connections, one, other)]
    rows.append(figures.below("resident after all rounds", "MiB", resident_mib[0], 60, resident_mib[1]))
    rows.append(figures.below("start → ready", "s", mine.ready_s, 1.5))
    rows.append(figures.below("templates written for all of these replicas", "", writes, 1, target="1"))
    rows.append(figures.below("conversion alone", "µs", _conversion_us(), 40))
    print(
        f"AdmissionReview of {len(question.review())} bytes, TLS 1.3, kept connections, one core, {ROUNDS} rounds of {ROUND}"
    )
    print(figures.HEADER)
    for row in rows:
        print(row.text())


def _rates(connections: int, one: Times, other: Times) -> list[Row]:
    at = f"{connections} connection{'s' if connections > 1 else ''}"
    rates = [statistics.median(side.rate[connections]) for side in (one, other)]
    ratios = [a / b for a, b in zip(one.rate[connections], other.rate[connections], strict=True)]
    ratio = statistics.median(ratios)
    wanted = rates[0] >= 4000 and ratio >= 0.7 if connections == 8 else True
    rate = Row(
        f"reviews/s, {at}",
        "/s",
        rates[0],
        rates[1],
        f"{ratio:.2f} ({min(ratios):.2f} to {max(ratios):.2f})",
        "≥ 4000, ≥ 0.7×" if connections == 8 else "",
        missed=not wanted,
    )
    p50, p99 = (
        [statistics.median(getattr(side, name)[connections]) for side in (one, other)] for name in ("p50_ms", "p99_ms")
    )
    cpu = [statistics.median(side.cpu_us[connections]) for side in (one, other)]
    return [
        rate,
        figures.told(f"p50, {at}", "ms", *p50),
        figures.below(f"p99, {at}", "ms", p99[0], 5, p99[1]),
        figures.told(f"CPU for one review, {at}", "µs", *cpu),
    ]


def _conversion_us() -> float:
    """Return what the decision costs of a pod that is decoded, in microseconds: the median of many."""
    asked = decode_request(question.review()).object
    taken_us = []
    for _ in range(_CONVERSIONS):
        started_s = time.perf_counter()
        convert(asked)
        taken_us.append((time.perf_counter() - started_s) * 1e6)
    return statistics.median(taken_us)


if __name__ == "__main__":
    sys.exit(main())
