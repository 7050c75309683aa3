"""AdmissionReview v1, bytes to the part of it that conversion reads, and back.

Source: k8s.io/api/admission/v1. Of the pod only what is needed is decoded: the rest is skipped, unread and unchanged, and what
Kubernetes adds later passes. Not here: any decision.
"""

from typing import Annotated, Any, Final, Literal

import msgspec

from catalog.errors import InvalidInputError

API_VERSION: Final = "admission.k8s.io/v1"
KIND: Final = "AdmissionReview"

Namespace = Annotated[str, msgspec.Meta(pattern=r"\A[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?\Z")]
"""A namespace's name, as Kubernetes allows it: it becomes part of a path."""

Quantity = str | int | float
"""As JSON has it; the API server always writes a string."""


class Resources(msgspec.Struct, frozen=True):
    """A container's `resources`; a field that is null or absent is None."""

    limits: dict[str, Quantity] | None = None
    requests: dict[str, Quantity] | None = None
    claims: list[msgspec.Raw] | None = None


class Reference(msgspec.Struct, frozen=True):
    """That a value comes from elsewhere; from where is not read."""


class Variable(msgspec.Struct, frozen=True, gc=False, rename="camel"):
    """An entry of a container's `env`; one with `value_from` has a value that nobody knows yet."""

    name: str = ""
    value: str | None = None
    value_from: Reference | None = None


class SecurityContext(msgspec.Struct, frozen=True):
    """A container's `securityContext`."""

    privileged: bool | None = None


class Container(msgspec.Struct, frozen=True, rename="camel"):
    """A container of any of the pod's lists."""

    name: str = ""
    resources: Resources | None = None
    restart_policy: str | None = None
    env: list[Variable] | None = None
    security_context: SecurityContext | None = None


class PodClaim(msgspec.Struct, frozen=True):
    """An entry of `spec.resourceClaims`."""

    name: str = ""


class Owner(msgspec.Struct, frozen=True, rename="camel"):
    """An entry of `metadata.ownerReferences`; one of them may be the pod's controller."""

    api_version: str = ""
    kind: str = ""
    name: str = ""
    uid: str = ""
    controller: bool | None = None


class Metadata(msgspec.Struct, frozen=True, rename="camel"):
    """A pod's `metadata`. Pods of controllers have a `generateName` only, at admission."""

    name: str = ""
    generate_name: str = ""
    labels: dict[str, str] | None = None
    annotations: dict[str, str] | None = None
    owner_references: list[Owner] | None = None


class PodSpec(msgspec.Struct, frozen=True, rename="camel"):
    """A pod's `spec`."""

    containers: list[Container] | None = None
    init_containers: list[Container] | None = None
    resource_claims: list[PodClaim] | None = None
    node_name: str | None = None
    node_selector: dict[str, str] | None = None
    scheduler_name: str | None = None
    runtime_class_name: str | None = None


class Pod(msgspec.Struct, frozen=True):
    """What conversion reads of a pod."""

    metadata: Metadata
    spec: PodSpec


class Resource(msgspec.Struct, frozen=True):
    """What kind of object a review is about."""

    resource: str


class Request(msgspec.Struct, frozen=True, rename="camel"):
    """One question of the API server."""

    uid: str
    resource: Resource
    object: Pod
    namespace: Namespace
    operation: Literal["CREATE", "UPDATE"] = "CREATE"
    dry_run: bool | None = None


class Status(msgspec.Struct, frozen=True):
    """Why a pod is not admitted: what the user reads, and a code and reason (metav1.Status) for programs."""

    code: int
    reason: str
    message: str


class Response(msgspec.Struct, frozen=True, omit_defaults=True, rename="camel"):
    """The answer to the request of the same `uid`; `patch` is a JSON patch (RFC 6902), base64 on the wire."""

    uid: str
    allowed: bool
    status: Status | None = None
    patch: bytes | None = None
    patch_type: Literal["JSONPatch"] | None = None
    warnings: tuple[str, ...] = ()
    """What `kubectl` and its like show the user."""


class _Question(msgspec.Struct, frozen=True, rename="camel"):
    api_version: Literal["admission.k8s.io/v1"]
    kind: Literal["AdmissionReview"]
    request: Request


class _Answer(msgspec.Struct, frozen=True, rename="camel"):
    response: Response
    api_version: str = API_VERSION
    kind: str = KIND


_decoder: Final = msgspec.json.Decoder(_Question)
_encoder: Final = msgspec.json.Encoder()


def decode_request(body: bytes) -> Request:
    """Return the request of a review of a pod. Raises `InvalidInputError` naming the field that is missing or wrong."""
    try:
        request = _decoder.decode(body).request
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise InvalidInputError(
            f"not an {KIND} of {API_VERSION} about a pod: {error}; register this URL for pods"
        ) from error
    if request.resource.resource != "pods":
        raise InvalidInputError(f"request.resource is {request.resource.resource!r}; register this URL for pods only")
    return request


def encode_response(response: Response) -> bytes:
    """Return the review that carries `response`."""
    return _encoder.encode(_Answer(response))


def encode_patch(operations: tuple[dict[str, Any], ...]) -> bytes:
    """Return a JSON patch as it goes into `Response.patch`."""
    return _encoder.encode(operations)
