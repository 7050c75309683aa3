"""The configuration's file as it changes: good news is taken over, bad news is said once and changes nothing."""

import logging
from pathlib import Path

import pytest

from catalog.errors import InvalidInputError
from dra_driver.configuration import NodeConfiguration
from dra_driver.configuration_file import ConfigurationFile

BASE = NodeConfiguration()


def written(path: Path, split_count: object) -> Path:
    path.write_text(f"defaults: {{deviceSplitCount: {split_count}}}")
    return path


def test_a_changed_file_is_taken_over_also_through_a_moved_link(tmp_path: Path) -> None:
    first, second, link = (tmp_path / name for name in ("first", "second", "link"))
    link.symlink_to(written(first, 5))
    written(second, 6)
    file = ConfigurationFile(link, "node-a", BASE)
    assert file.current().split_count == 5
    link.unlink()
    link.symlink_to(second)
    file.reload()
    assert file.current().split_count == 6


@pytest.mark.parametrize("bad", ["defaults: {deviceSplitCount: 0}", "defaults: [", None, b"\xff\xfe", " " * 2**21])
def test_a_bad_file_is_said_once_and_the_last_good_one_stays(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, bad: str | bytes | None
) -> None:
    path = written(tmp_path / "node.yaml", 5)
    file = ConfigurationFile(path, "node-a", BASE)
    if bad is None:
        path.unlink()
    else:
        path.write_bytes(bad if isinstance(bad, bytes) else bad.encode())
    with caplog.at_level(logging.INFO):
        for _ in range(3):
            file.reload()
    assert [record.levelname for record in caplog.records] == ["ERROR"]
    assert f"NOT TAKEN OVER, the last good one stays in force: {path}: " in caplog.text
    assert file.current().split_count == 5
    written(path, 6)
    file.reload()
    assert file.current().split_count == 6


def test_a_file_that_comes_back_as_it_was_is_in_force_still(tmp_path: Path) -> None:
    path = written(tmp_path / "node.yaml", 5)
    file = ConfigurationFile(path, "node-a", BASE)
    path.unlink()
    file.reload()
    written(path, 5)
    file.reload()
    assert file.current().split_count == 5


def test_a_driver_does_not_start_on_a_file_that_cannot_be_used(tmp_path: Path) -> None:
    with pytest.raises(InvalidInputError, match=r"missing.yaml: No such file.*; name a readable file with --config"):
        ConfigurationFile(tmp_path / "missing.yaml", "node-a", BASE)
    with pytest.raises(InvalidInputError, match="deviceSplitCount"):
        ConfigurationFile(written(tmp_path / "bad.yaml", -1), "node-a", BASE)


def test_without_a_file_the_defaults_hold(tmp_path: Path) -> None:
    file = ConfigurationFile(None, "node-a", BASE)
    file.reload()
    assert file.current() == BASE


def test_fields_of_hami_without_effect_are_named(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    path = tmp_path / "config.json"
    path.write_text('{"nodeconfig": [{"name": "node-a", "migstrategy": "single", "devicesplitcount": 7}]}')
    assert ConfigurationFile(path, "node-a", BASE).current().split_count == 7
    assert "without effect here: migstrategy" in caplog.text
