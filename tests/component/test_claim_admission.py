"""Reviews of claims and templates: what is wrong is refused by its path, quotas hold, what is no such review is a bad request."""

import json
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.errors import ForbiddenError, InvalidInputError
from tests.unit.webhook_pods import Object
from webhook.claims.admission import ClaimAdmission
from webhook.conversion.rules import DEFAULT_RULES

TYPE = {"apiVersion": "hami.io/v1alpha1", "kind": "ShareConfig"}


class Quotas:
    """Remembers what it was asked, and refuses one name."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, bool, bool]] = []

    async def admit_claim(
        self, namespace: str, spec: Mapping[str, Any], *, is_for_pod: bool, dry_run: bool = False
    ) -> None:
        self.asked.append((namespace, is_for_pod, dry_run))
        if spec.get("refuse"):
            raise ForbiddenError("exceeded quota: team")


def review(spec: Object, resource: str = "resourceclaims", annotations: Object | None = None, **request: Any) -> bytes:  # noqa: ANN401
    asked = {
        "uid": "review-1",
        "resource": {"group": "resource.k8s.io", "version": "v1", "resource": resource},
        "namespace": "team",
        "operation": "CREATE",
        "object": {"metadata": {"name": "mine", "annotations": annotations}, "spec": spec},
        "dryRun": False,
    }
    body = {"apiVersion": "admission.k8s.io/v1", "kind": "AdmissionReview", "request": asked | request}
    return json.dumps(body).encode()


def configured(parameters: object) -> Object:
    return {"devices": {"config": [{"opaque": {"driver": "hami.io", "parameters": parameters}}]}}


async def answered(body: bytes, quotas: Quotas | None = None) -> Object:
    admission = ClaimAdmission(quotas or Quotas(), lambda: DEFAULT_RULES)
    response: Object = json.loads(await admission.answer(body))["response"]
    return response


async def test_a_right_claim_is_allowed_as_it_is() -> None:
    assert await answered(review(configured(TYPE | {"priority": 0}))) == {"uid": "review-1", "allowed": True}


async def test_a_claim_that_contradicts_itself_is_allowed_with_a_warning_when_it_is_made() -> None:
    spec = configured(TYPE | {"corePolicy": "force"})
    spec["devices"]["requests"] = [{"name": "main", "exactly": {"deviceClassName": "gpu.hami.io"}}]
    response = await answered(review({"spec": spec}, "resourceclaimtemplates"))
    path = "spec.spec.devices.config[0].opaque.parameters.corePolicy"
    assert response["allowed"]
    assert response["warnings"] == [f"{path}: force: has no effect without capacity cores (for request main)"]
    assert "warnings" not in await answered(review(spec, operation="UPDATE"))


@pytest.mark.parametrize(
    ("resource", "wrap", "path"),
    [
        ("resourceclaims", lambda spec: spec, "spec"),
        ("resourceclaimtemplates", lambda spec: {"spec": spec}, "spec.spec"),
    ],
)
async def test_a_wrong_field_is_refused_by_its_path(resource: str, wrap: Any, path: str) -> None:  # noqa: ANN401
    response = await answered(review(wrap(configured(TYPE | {"cores": 30})), resource))
    assert response["allowed"] is False
    assert (response["status"]["code"], response["status"]["reason"]) == (422, "Invalid")
    assert response["status"]["message"].startswith(f"{path}.devices.config[0].opaque.parameters.cores: is no field")


async def test_quotas_count_claims_and_not_templates() -> None:
    quotas = Quotas()
    made_for_pod = {"resource.kubernetes.io/pod-claim-name": "hami"}
    await answered(review({}), quotas)
    await answered(review({}, annotations=made_for_pod, dryRun=True), quotas)
    await answered(review({"spec": {}}, "resourceclaimtemplates"), quotas)
    assert quotas.asked == [("team", False, False), ("team", True, True)]


async def test_a_claim_beyond_the_quota_is_forbidden() -> None:
    response = await answered(review({"refuse": True}))
    assert response["status"] == {"code": 403, "reason": "Forbidden", "message": "exceeded quota: team"}


async def test_a_fault_of_ours_is_an_answer_without_our_insides(caplog: pytest.LogCaptureFixture) -> None:
    class Broken(Quotas):
        async def admit_claim(
            self, namespace: str, spec: Mapping[str, Any], *, is_for_pod: bool, dry_run: bool = False
        ) -> None:
            raise KeyError(spec["token"])

    response = await answered(review({"token": "s3cret"}), Broken())
    assert response["status"]["code"] == 500
    assert "s3cret" not in caplog.text + response["status"]["message"]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"\xff",
        b'{"x":' * 100_000,
        review({}, resource="pods"),
        review({}, namespace="../x"),
        review({}, object=None),
        review({}, object={"metadata": {}, "spec": []}),
        review({}, operation="DELETE"),
    ],
)
async def test_what_is_no_review_of_a_claim_is_a_bad_request(body: bytes) -> None:
    with pytest.raises(InvalidInputError, match=r"register this URL for those of resource\.k8s\.io/v1"):
        await answered(body)


async def test_a_template_without_a_spec_is_refused_in_words() -> None:
    response = await answered(review({}, "resourceclaimtemplates"))
    assert response["status"]["message"].startswith("spec.spec: is missing")


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["devices", "config", "opaque", "driver", "parameters", "spec"]), inner)
    ),
    max_leaves=12,
)


@given(
    st.dictionaries(st.sampled_from(["devices", "spec"]), anything),
    st.sampled_from(["resourceclaims", "resourceclaimtemplates"]),
)
async def test_any_spec_is_allowed_or_refused_for_its_own_sake(spec: Object, resource: str) -> None:
    response = await answered(review(spec, resource))
    assert response["allowed"] or response["status"]["code"] in (403, 422)
