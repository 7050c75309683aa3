"""AdmissionReview v1 about a ResourceClaim or a ResourceClaimTemplate: bytes to the part of it that is judged.

Source: k8s.io/api/admission/v1, resource.k8s.io/v1. Not here: any decision, and the answer (webhook.conversion.review).
"""

from typing import Any, Final, Literal

import msgspec

from catalog.errors import InvalidInputError
from webhook.conversion.review import API_VERSION, KIND, Metadata, Namespace

CLAIMS: Final = "resourceclaims"
TEMPLATES: Final = "resourceclaimtemplates"


class Kind(msgspec.Struct, frozen=True):
    """What kind of object a review is about. The API server converts other versions to the one that is registered."""

    group: Literal["resource.k8s.io"]
    version: Literal["v1"]
    resource: Literal["resourceclaims", "resourceclaimtemplates"]


class Object(msgspec.Struct, frozen=True):
    """A claim or a template."""

    metadata: Metadata
    spec: dict[str, Any]


class ClaimRequest(msgspec.Struct, frozen=True, rename="camel"):
    """One question of the API server."""

    uid: str
    resource: Kind
    object: Object
    namespace: Namespace
    operation: Literal["CREATE", "UPDATE"] = "CREATE"
    dry_run: bool | None = None

    @property
    def is_template(self) -> bool:
        """Whether it is about a template."""
        return self.resource.resource == TEMPLATES

    def claim_spec(self) -> tuple[dict[str, Any], str]:
        """Return the spec of the claim, or of those that the template makes, and its field path.

        Raises `InvalidInputError` for a template without one.
        """
        if not self.is_template:
            return self.object.spec, "spec"
        inner = self.object.spec.get("spec")
        if not isinstance(inner, dict):
            raise InvalidInputError("spec.spec: is missing; write the spec of the claims that are to be made")
        return inner, "spec.spec"


class _Question(msgspec.Struct, frozen=True, rename="camel"):
    api_version: Literal["admission.k8s.io/v1"]
    kind: Literal["AdmissionReview"]
    request: ClaimRequest


_decoder: Final = msgspec.json.Decoder(_Question)


def decode_claim_request(body: bytes) -> ClaimRequest:
    """Return the request of a review of a claim or template. Raises `InvalidInputError` naming the field that is missing or wrong."""
    try:
        return _decoder.decode(body).request
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise InvalidInputError(
            f"not an {KIND} of {API_VERSION} about a {CLAIMS[:-1]} or its template: {error}; register this URL for those of"
            " resource.k8s.io/v1"
        ) from error
