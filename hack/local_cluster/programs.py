"""The programs that are built from source: what each upstream project yields and how it is compiled.

Pure descriptions; compiling is build.py's, keeping is store.py's.
"""

import hashlib
import platform
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from hack.local_cluster.versions import FOLDER, Versions


class Profile(StrEnum):
    """What a cluster consists of."""

    FULL = "full"
    """Control plane and one node: kubelet, containerd, runc."""

    CONTROL_PLANE = "control-plane"
    """etcd, API server, controller manager, scheduler; kubelets are played by the test."""


@dataclass(frozen=True, slots=True)
class Source:
    """One Go module of ours that compiles one upstream project.

    `programs` maps the program's file name to the Go package it is built from; `aliases` are further names of the first program.
    """

    name: str
    version: str
    programs: dict[str, str]
    ldflags: str
    typical_build_s: int
    aliases: tuple[str, ...] = ()

    @property
    def module(self) -> Path:
        """Folder with the committed go.mod, go.sum and, where needed, main.go."""
        return FOLDER / "go" / self.name

    @property
    def called(self) -> tuple[str, ...]:
        """The names that are called: a program with further names is called by those alone."""
        return self.aliases or tuple(self.programs)

    @property
    def names(self) -> tuple[str, ...]:
        """Every file that a finished build holds."""
        return (*self.programs, *self.aliases)


COMPONENTS = ("kube-apiserver", "kube-controller-manager", "kube-scheduler", "kubelet", "kubectl")


def sources(versions: Versions, profile: Profile) -> list[Source]:
    """What a cluster of this profile needs, the dearest build first."""
    both = [_kubernetes(versions), _etcd(versions)]
    return both if profile is Profile.CONTROL_PLANE else [*both, _containerd(versions), _cni(versions)]


def dra_test_driver(versions: Versions) -> Source:
    """The driver of Kubernetes' own tests of DRA, on the official helper: no part of a cluster, a peer to measure beside."""
    piece = versions.dra_test_driver
    programs = {"dra-test-driver": "k8s.io/kubernetes/test/e2e/dra/test-driver"}
    return Source("dra-test-driver", piece.version, programs, "-s -w", piece.typical_build_s)


def webhook_bench() -> Source:
    """The load and the peer of `make bench-webhook`, both ours and of the standard library alone."""
    return Source("webhook-bench", "1", {"webhook-bench": "."}, "-s -w", 60)


def build_key(source: Source, toolchain: str) -> str:
    """Folder name of a finished build: its version and a hash of all that determines the result."""
    digest = hashlib.sha256(
        f"{toolchain}\n{platform.machine()}\n{source.ldflags}\n{source.programs}\n{source.aliases}".encode()
    )
    for file in sorted(source.module.iterdir()):
        digest.update(file.name.encode() + b"\0" + file.read_bytes())
    return f"{source.name}-{source.version}-{digest.hexdigest()[:12]}"


def _kubernetes(versions: Versions) -> Source:
    version = versions.kubernetes.version
    major, minor, _patch = version.removeprefix("v").split(".")
    stamps = {
        "k8s.io/component-base/version.gitVersion": version,
        "k8s.io/component-base/version.gitMajor": major,
        "k8s.io/component-base/version.gitMinor": minor,
        "k8s.io/client-go/pkg/version.gitVersion": version,
    }
    ldflags = " ".join(f"-X {variable}={value}" for variable, value in stamps.items())
    return Source(
        "kubernetes", version, {"kubernetes": "."}, f"-s -w {ldflags}", versions.kubernetes.typical_build_s, COMPONENTS
    )


def _etcd(versions: Versions) -> Source:
    piece = versions.etcd
    return Source("etcd", piece.version, {"etcd": "go.etcd.io/etcd/server/v3"}, "-s -w", piece.typical_build_s)


def _containerd(versions: Versions) -> Source:
    piece = versions.containerd
    module = "github.com/containerd/containerd/v2"
    programs = {name: f"{module}/cmd/{name}" for name in ("containerd", "containerd-shim-runc-v2", "ctr")}
    return Source(
        "containerd",
        piece.version,
        programs,
        f"-s -w -X {module}/version.Version={piece.version}",
        piece.typical_build_s,
    )


def _cni(versions: Versions) -> Source:
    piece = versions.cni
    module = "github.com/containernetworking/plugins"
    packages = {"bridge": "main/bridge", "loopback": "main/loopback", "host-local": "ipam/host-local"}
    programs = {name: f"{module}/plugins/{package}" for name, package in packages.items()}
    stamp = f"-X {module}/pkg/utils/buildversion.BuildVersion={piece.version}"
    return Source("cni", piece.version, programs, f"-s -w {stamp}", piece.typical_build_s)
