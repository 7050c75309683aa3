"""Asking the API server for a claim: what is waited out, for how long, and what is told at once."""

from typing import cast

import pytest

from catalog.errors import InvalidInputError, UnavailableError
from dra_driver.claims import source as claim_source
from dra_driver.claims.source import ApiClaims, ClaimReference
from kube.client import ApiError, ApiServer
from tests.unit.driver_objects import CLAIM_UID, Object, claim_object

REFERENCE = ClaimReference("team", "claim", CLAIM_UID)


class Answers:
    """An API server that gives one answer after the other, the last for ever."""

    def __init__(self, *answers: Object | int) -> None:
        self.answers = list(answers)
        self.paths: list[str] = []

    async def get(self, path: str) -> Object:
        self.paths.append(path)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, int):
            raise ApiError(answer, f"HTTP {answer}")
        return answer


def source(*answers: Object | int) -> tuple[ApiClaims, Answers]:
    server = Answers(*answers)
    return ApiClaims(cast(ApiServer, server)), server


@pytest.fixture(autouse=True)
def _in_a_hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("_FIRST_PAUSE_S", "_LONGEST_PAUSE_S"):
        monkeypatch.setattr(claim_source, name, 0.001)


@pytest.mark.parametrize("status", [0, 429, 500, 502, 503, 504])
async def test_passing_faults_are_waited_out(status: int) -> None:
    claims, server = source(status, status, claim_object())
    assert (await claims.get(REFERENCE))["metadata"]["uid"] == CLAIM_UID
    assert server.paths == ["/apis/resource.k8s.io/v1/namespaces/team/resourceclaims/claim"] * 3


async def test_patience_ends_before_the_kubelets(monkeypatch: pytest.MonkeyPatch) -> None:
    assert claim_source._PATIENCE_S < 45
    monkeypatch.setattr(claim_source, "_PATIENCE_S", 0.02)
    claims, _ = source(503)
    with pytest.raises(UnavailableError, match=r"^claim team/claim .* the API server did not answer"):
        await claims.get(REFERENCE)


@pytest.mark.parametrize(
    ("answer", "kind", "words"),
    [
        (404, InvalidInputError, "does not exist any more; delete the pod"),
        (403, ApiError, "HTTP 403"),
        (claim_object(uid="another"), InvalidInputError, "was deleted and made anew as another"),
    ],
)
async def test_lasting_faults_are_told_at_once(answer: Object | int, kind: type[Exception], words: str) -> None:
    claims, server = source(answer)
    with pytest.raises(kind, match=words):
        await claims.get(REFERENCE)
    assert len(server.paths) == 1
