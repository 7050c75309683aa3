"""That a driver may run: folders that cannot be had, and the lock of another driver, each with its message."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from catalog.errors import ConflictError, InvalidInputError
from dra_driver.instance import LOCK_NAME, make_folders, sole_driver

NOBODY = 65534


@pytest.fixture
def no_root() -> Iterator[None]:
    """Be nobody for a while."""
    user = os.geteuid()
    if user == 0:
        os.seteuid(NOBODY)
    yield
    os.seteuid(user)


@pytest.mark.usefixtures("no_root")
def test_without_root_the_folder_and_the_remedy_are_named() -> None:
    with pytest.raises(
        InvalidInputError, match=r"folder /root-only/hami: .*; run as root, or name folders of your own"
    ):
        make_folders([Path("/root-only/hami")])


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.access", lambda *_: False)
    with pytest.raises(InvalidInputError, match=f"folder {tmp_path}: cannot be written; run as root"):
        make_folders([tmp_path])


def test_a_file_in_the_folders_place_is_named(tmp_path: Path) -> None:
    (tmp_path / "state").touch()
    with pytest.raises(InvalidInputError, match=r"folder .*/state/shares: Not a directory"):
        make_folders([tmp_path / "state/shares"])


def test_a_second_driver_is_told_about_the_first(tmp_path: Path) -> None:
    words = rf"another driver serves {tmp_path} \(process {os.getpid()}, lock"
    with sole_driver(tmp_path), pytest.raises(ConflictError, match=words), sole_driver(tmp_path):
        pass
    with sole_driver(tmp_path):
        assert (tmp_path / LOCK_NAME).read_text() == f"{os.getpid()}\n"
