"""What is applied to a cluster: the registration at a URL or a Service, device classes, roles and bindings, and the command that prints
them. Golden files hold the whole.
"""

import base64
import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from catalog.errors import InvalidInputError
from catalog.manifests import driver_role, eviction_role, role_binding, webhook_role
from cli.main import main
from tests.conftest import Golden
from webhook.registration import TIMEOUT_S, Service, webhook_configuration
from webhook.templates.store import API_TIMEOUT_S

CA = b"-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n"


def client_config(endpoint: str | Service) -> dict[str, Any]:
    found: dict[str, Any] = webhook_configuration(endpoint, CA)["webhooks"][0]["clientConfig"]
    return found


def test_the_registration_is_as_reviewed(golden: Golden) -> None:
    registration = webhook_configuration("https://10.0.0.1:9443/mutate", CA)
    golden("webhook/registration.json", json.dumps(registration, indent=2) + "\n")


@pytest.mark.parametrize(
    ("endpoint", "url"),
    [
        ("https://10.0.0.1:9443/mutate", "https://10.0.0.1:9443/mutate"),
        ("https://10.0.0.1:9443", "https://10.0.0.1:9443/mutate"),
        ("https://[fd00::1]:9443/", "https://[fd00::1]:9443/mutate"),
        ("https://gateway.example.org/hami/mutate", "https://gateway.example.org/hami/mutate"),
    ],
)
def test_a_url_leads_to_the_path_that_is_served(endpoint: str, url: str) -> None:
    assert client_config(endpoint) == {"url": url, "caBundle": base64.b64encode(CA).decode()}


def test_a_service_is_named_with_the_path_that_is_served() -> None:
    assert client_config(Service("hami-system", "hami-dra-webhook"))["service"] == {
        "namespace": "hami-system",
        "name": "hami-dra-webhook",
        "path": "/mutate",
        "port": 443,
    }


@pytest.mark.parametrize(
    "url",
    [
        "http://10.0.0.1",
        "10.0.0.1:9443",
        "https://",
        "https://u:p@host/",
        "https://h/m?a=1",
        "https://h/m#f",
        "https://[fd00",
        "https://host:99999/mutate",
    ],
)
def test_a_url_that_the_api_server_would_not_call_is_refused(url: str) -> None:
    with pytest.raises(InvalidInputError, match=r"write https://ADDRESS:PORT/mutate"):
        webhook_configuration(url, CA)


def test_a_key_is_not_taken_for_a_certificate() -> None:
    with pytest.raises(InvalidInputError, match="CA file holds no PEM certificate"):
        webhook_configuration("https://h", b"-----BEGIN PRIVATE KEY-----\n")


def test_a_service_account_is_bound_as_such_and_any_other_name_as_a_user() -> None:
    account = role_binding("role", "system:serviceaccount:hami-system:driver")
    assert account["subjects"] == [{"kind": "ServiceAccount", "namespace": "hami-system", "name": "driver"}]
    for user in ("alice", "system:node:n1", "system:serviceaccount:odd"):
        assert role_binding("role", user)["subjects"] == [
            {"apiGroup": "rbac.authorization.k8s.io", "kind": "User", "name": user}
        ]


@pytest.mark.parametrize(("scope", "verb"), [("node", "associated-node:patch"), ("cluster", "arbitrary-node:patch")])
def test_the_driver_reports_on_devices_of_its_own_and_where_its_identity_allows(
    ca_file: Path, capsys: pytest.CaptureFixture[str], scope: str, verb: str
) -> None:
    text = printed(capsys, "--webhook-url", "https://h", "--ca-file", str(ca_file), "--driver-scope", scope)
    role = next(item for item in yaml.safe_load_all(text) if item["metadata"]["name"] == "hami-dra-driver")
    (rule,) = [rule for rule in role["rules"] if "resourceclaims/driver" in rule["resources"]]
    assert (rule["verbs"], rule["resourceNames"]) == ([verb], ["hami.io"])


def test_roles_name_no_wildcard() -> None:
    assert "*" not in json.dumps([driver_role(), webhook_role(), eviction_role()])


def test_the_driver_may_evict_only_where_that_is_asked_for(ca_file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    flags = ("--webhook-url", "https://h", "--ca-file", str(ca_file), "--driver-user", "driver")
    assert "eviction" not in printed(capsys, *flags)
    items = list(yaml.safe_load_all(printed(capsys, *flags, "--driver-evicts")))
    rights = [item for item in items if item["metadata"]["name"] == "hami-dra-driver-eviction"]
    assert [item["kind"] for item in rights] == ["ClusterRole", "ClusterRoleBinding"]
    assert rights[0]["rules"] == [{"apiGroups": [""], "resources": ["pods/eviction"], "verbs": ["create"]}]


@pytest.fixture
def ca_file(tmp_path: Path) -> Path:
    path = tmp_path / "ca.crt"
    path.write_bytes(CA)
    return path


def printed(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert main(["manifests", *arguments]) == 0
    return capsys.readouterr().out


def test_the_command_prints_all_of_it_in_the_order_to_apply(
    ca_file: Path, capsys: pytest.CaptureFixture[str], golden: Golden
) -> None:
    arguments = ("--webhook-url", "https://10.0.0.1:9443", "--ca-file", str(ca_file))
    users = ("--driver-user", "hami-dra-driver", "--webhook-user", "system:serviceaccount:hami-system:webhook")
    golden("webhook/manifests.yaml", printed(capsys, *arguments, *users))


def test_with_certificates_of_its_own_the_webhook_may_keep_them_and_no_more(
    capsys: pytest.CaptureFixture[str], golden: Golden
) -> None:
    account = "system:serviceaccount:hami-system:webhook"
    text = printed(capsys, "--webhook-service", "hami-system/hami-dra-webhook", "--webhook-user", account)
    golden("webhook/manifests-own-certificate.yaml", text)


def test_the_webhooks_own_namespace_and_the_systems_do_not_depend_on_it() -> None:
    registered = webhook_configuration(Service("hami-system", "webhook"), None)
    for webhook in registered["webhooks"]:
        (names,) = [
            expression["values"]
            for expression in webhook["namespaceSelector"]["matchExpressions"]
            if expression["key"] == "kubernetes.io/metadata.name"
        ]
        assert names == ["hami-system", "kube-system"]
        assert webhook["timeoutSeconds"] <= 5
        assert webhook["sideEffects"] == "NoneOnDryRun"
        assert webhook["reinvocationPolicy"] == "IfNeeded"
        assert webhook["matchConditions"]
        assert "caBundle" not in webhook["clientConfig"]


def test_a_url_without_the_authority_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["manifests", "--webhook-url", "https://h"]) == 1
    assert "give --ca-file too" in capsys.readouterr().err


def test_a_service_that_is_none_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["manifests", "--webhook-service", "webhook"]) == 1
    assert "--webhook-service webhook: write NAMESPACE/NAME" in capsys.readouterr().err


def test_the_webhook_gives_up_on_the_api_server_before_the_api_server_does_on_it() -> None:
    assert API_TIMEOUT_S < TIMEOUT_S <= 5


def test_without_users_nothing_is_granted(ca_file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = printed(capsys, "--webhook-url", "https://10.0.0.1:9443", "--ca-file", str(ca_file))
    kinds = [document["kind"] for document in yaml.safe_load_all(text)]
    assert kinds == [
        *["DeviceClass"] * 3,
        *["ClusterRole"] * 2,
        "Role",
        "MutatingWebhookConfiguration",
        "ValidatingWebhookConfiguration",
    ]


def test_a_missing_ca_file_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    missing = tmp_path / "none.crt"
    assert main(["manifests", "--webhook-url", "https://h", "--ca-file", str(missing)]) == 1
    assert f"--ca-file {missing}: No such file or directory" in capsys.readouterr().err


def test_with_cert_manager_both_registrations_name_its_certificate_and_no_secret_may_be_written(
    capsys: pytest.CaptureFixture[str],
) -> None:
    text = printed(
        capsys,
        *("--webhook-service", "hami-system/hami-dra-webhook", "--cert-manager", "hami-system/webhook-tls"),
        *("--webhook-user", "system:serviceaccount:hami-system:webhook"),
    )
    documents = list(yaml.safe_load_all(text))
    registrations = [document for document in documents if document["kind"].endswith("WebhookConfiguration")]
    assert [each["metadata"]["annotations"] for each in registrations] == [
        {"cert-manager.io/inject-ca-from": "hami-system/webhook-tls"}
    ] * 2
    assert all("caBundle" not in webhook["clientConfig"] for each in registrations for webhook in each["webhooks"])
    rules = [rule for document in documents for rule in document.get("rules") or ()]
    assert not any("secrets" in rule["resources"] for rule in rules)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (
            ("--webhook-url", "https://h", "--ca-file", "FILE", "--cert-manager", "a/b"),
            "give it with --webhook-service",
        ),
        (("--webhook-service", "a/w", "--ca-file", "FILE", "--cert-manager", "a/b"), "and no --ca-file"),
        (("--webhook-service", "a/w", "--cert-manager", "b"), "--cert-manager b: write NAMESPACE/CERTIFICATE"),
        (("--webhook-service", "a/w", "--cert-manager", "a/b/c"), "write NAMESPACE/CERTIFICATE"),
    ],
)
def test_a_certificate_of_cert_manager_that_cannot_be_used_is_refused(
    ca_file: Path, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], words: str
) -> None:
    assert main(["manifests", *(str(ca_file) if each == "FILE" else each for each in arguments)]) == 1
    assert words in capsys.readouterr().err
