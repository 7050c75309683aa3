"""How to reach and convince an API server: from a kubeconfig, or from the pod's service account.

Source: kubernetes.io/docs/concepts/configuration/organize-cluster-access-kubeconfig and "Accessing the API from a Pod".
Certificates and tokens only; credential plugins are refused, since a daemon has no terminal to log in at.
No connection is made here.
"""

import base64
import binascii
import os
import ssl
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from catalog.errors import InvalidInputError
from catalog.yaml_text import parse_yaml

SERVICE_ACCOUNT: Final = Path("/var/run/secrets/kubernetes.io/serviceaccount")


@dataclass(frozen=True, slots=True)
class ApiServerConfig:
    """Where the API server is and what we show it. `token_file` is read again for every request: tokens rotate."""

    url: str
    tls: ssl.SSLContext
    token: str | None = None
    token_file: Path | None = None

    def bearer_token(self) -> str | None:
        """Return the token to send now, or None where a certificate speaks for us."""
        return self.token_file.read_text().strip() if self.token_file else self.token


def load_config(kubeconfig: Path | None) -> ApiServerConfig:
    """Return the configuration of `kubeconfig`, else of `$KUBECONFIG`, else of the pod this runs in.

    Raises `InvalidInputError` naming file, field and remedy.
    """
    path = kubeconfig or (Path(os.environ["KUBECONFIG"]) if os.environ.get("KUBECONFIG") else None)
    return from_kubeconfig(path) if path else from_service_account(SERVICE_ACCOUNT)


def own_namespace() -> str | None:
    """Return the namespace of the pod this runs in, or None where it is in none."""
    try:
        return (SERVICE_ACCOUNT / "namespace").read_text().strip() or None
    except OSError:
        return None


def from_service_account(folder: Path) -> ApiServerConfig:
    """Return the configuration that a pod finds in its environment and in `folder`."""
    host, port = os.environ.get("KUBERNETES_SERVICE_HOST"), os.environ.get("KUBERNETES_SERVICE_PORT", "443")
    if not host:
        raise InvalidInputError(
            "no API server: not in a pod (KUBERNETES_SERVICE_HOST is unset); name one with --kubeconfig FILE"
        )
    address = f"[{host}]" if ":" in host else host
    tls = _tls_context((folder / "ca.crt").read_text(), None)
    return ApiServerConfig(url=f"https://{address}:{port}", tls=tls, token_file=folder / "token")


def from_kubeconfig(path: Path) -> ApiServerConfig:
    """Return the configuration of the current context of a kubeconfig file."""
    document = _read_document(path)
    context = _named(document, "contexts", document.get("current-context"), "context", path)
    cluster = _named(document, "clusters", context.get("cluster"), "cluster", path)
    user = _named(document, "users", context.get("user"), "user", path)
    _refuse_plugins(user, path)
    if cluster.get("insecure-skip-tls-verify"):
        raise InvalidInputError(
            f"{path}: insecure-skip-tls-verify is not supported; give certificate-authority-data instead"
        )
    server = cluster.get("server")
    if not isinstance(server, str) or not server.startswith("https://"):
        raise InvalidInputError(f"{path}: clusters[].cluster.server is {server!r}; write an https:// URL")
    if "@" in server:
        raise InvalidInputError(
            f"{path}: clusters[].cluster.server holds a user or password, which would be logged; give a certificate or a token"
        )
    material = _Material(path.parent, path)
    certificates = material.pem(cluster, "certificate-authority")
    identity = (material.file(user, "client-certificate"), material.file(user, "client-key"))
    tls = _tls_context(certificates, identity if all(identity) else None)
    token_file = user.get("tokenFile")
    return ApiServerConfig(
        url=server.rstrip("/"),
        tls=tls,
        token=user.get("token"),
        token_file=path.parent / token_file if token_file else None,
    )


@dataclass(frozen=True, slots=True)
class _Material:
    """Certificates and keys, which a kubeconfig holds in line (`<field>-data`, base64) or names as files beside it."""

    folder: Path
    kubeconfig: Path

    def pem(self, section: Mapping[str, Any], field: str) -> str | None:
        data, name = section.get(f"{field}-data"), section.get(field)
        if data is not None:
            return self._decode(data, field).decode(errors="replace")
        return self._read(name, field) if name else None

    def file(self, section: Mapping[str, Any], field: str) -> Path | bytes | None:
        data, name = section.get(f"{field}-data"), section.get(field)
        if data is not None:
            return self._decode(data, field)
        return self.folder / name if name else None

    def _decode(self, data: str, field: str) -> bytes:
        try:
            return base64.b64decode(data, validate=True)
        except (binascii.Error, ValueError) as error:
            raise InvalidInputError(f"{self.kubeconfig}: {field}-data is not base64; write the file anew") from error

    def _read(self, name: str, field: str) -> str:
        try:
            return (self.folder / name).read_text()
        except OSError as error:
            raise InvalidInputError(f"{self.kubeconfig}: {field} {name}: {error.strerror}; correct the path") from error


def _tls_context(certificates: str | None, identity: Iterable[Path | bytes | None] | None) -> ssl.SSLContext:
    try:
        context = ssl.create_default_context(cadata=certificates)
        if identity is not None:
            _load_identity(context, *identity)
    except (ssl.SSLError, OSError) as error:
        raise InvalidInputError(
            f"kubeconfig: certificates cannot be used ({error}); write the kubeconfig anew"
        ) from error
    return context


def _load_identity(context: ssl.SSLContext, certificate: Path | bytes | None, key: Path | bytes | None) -> None:
    """Load a client certificate. The ssl module takes files only, so data in line passes through memory-backed ones."""
    files, descriptors = [], []
    try:
        for material in (certificate, key):
            if isinstance(material, bytes):
                descriptors.append(os.memfd_create("hami-dra-identity", os.MFD_CLOEXEC))
                os.write(descriptors[-1], material)
                files.append(f"/proc/self/fd/{descriptors[-1]}")
            else:
                files.append(str(material))
        context.load_cert_chain(*files)
    finally:
        for descriptor in descriptors:
            os.close(descriptor)


def _read_document(path: Path) -> Mapping[str, Any]:
    try:
        document = parse_yaml(path.read_text(encoding="utf-8"), f"kubeconfig {path}")
    except OSError as error:
        raise InvalidInputError(
            f"kubeconfig {path}: {error.strerror}; name a readable file with --kubeconfig"
        ) from error
    except UnicodeDecodeError as error:
        raise InvalidInputError(f"kubeconfig {path}: not YAML ({error}); write the file anew") from error
    if not isinstance(document, dict) or document.get("kind") != "Config":
        raise InvalidInputError(f"kubeconfig {path}: kind is not Config; name a kubeconfig with --kubeconfig")
    return document


def _named(document: Mapping[str, Any], section: str, name: object, kind: str, path: Path) -> Mapping[str, Any]:
    entries = document.get(section)
    for entry in entries if isinstance(entries, list) else ():
        if isinstance(entry, dict) and entry.get("name") == name and isinstance(entry.get(kind), dict):
            found: Mapping[str, Any] = entry[kind]
            _check_texts(found, f"kubeconfig {path}: {section}[].{kind}")
            return found
    raise InvalidInputError(f"kubeconfig {path}: {section} has no {name!r}; set current-context and its {kind}")


def _check_texts(section: Mapping[str, Any], where: str) -> None:
    for field in _TEXTS:
        value = section.get(field)
        if value is not None and (not isinstance(value, str) or "\0" in value):
            raise InvalidInputError(f"{where}.{field} is not text; write the file anew")


_TEXTS: Final = (
    "certificate-authority",
    "certificate-authority-data",
    "client-certificate",
    "client-certificate-data",
    "client-key",
    "client-key-data",
    "token",
    "tokenFile",
)


def _refuse_plugins(user: Mapping[str, Any], path: Path) -> None:
    for field in ("exec", "auth-provider", "username"):
        if field in user:
            raise InvalidInputError(
                f"kubeconfig {path}: users[].user.{field} is not supported; use a certificate or a token"
            )
