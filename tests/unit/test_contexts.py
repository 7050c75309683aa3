"""Which figure of the table a card is charged by, and that the table can be read so."""

from dataclasses import replace

import pytest

from catalog.names import MIB
from dra_driver.cards.contexts import ESTIMATE, MEASURED, PUBLISHED, SIZES, ContextSize, context_bytes, context_size
from dra_driver.nvml import cards as nvml
from tests.unit.driver_objects import card

ROWS = (
    ContextSize("NVIDIA L4", "Ada Lovelace", 0, 1, "measured a"),
    ContextSize("NVIDIA L40", "Ada Lovelace", 550, 2, "measured b"),
    ContextSize("NVIDIA L40", "Ada Lovelace", 580, 3, "measured c"),
    ContextSize("", "Ada Lovelace", 0, 4, "estimate: d"),
    ContextSize("", "", 0, 5, "estimate: e"),
)


@pytest.mark.parametrize(
    ("name", "architecture", "driver", "size_mib"),
    [
        ("NVIDIA L4", "Ada Lovelace", "580.95.05", 1),
        ("NVIDIA L40S", "Ada Lovelace", "580.95.05", 3),
        ("NVIDIA L40S", "Ada Lovelace", "610.1", 3),
        ("NVIDIA L40S", "Ada Lovelace", "575.57.08", 2),
        ("NVIDIA L40S", "Ada Lovelace", "470.1", 2),
        ("NVIDIA L40S", "Ada Lovelace", "", 2),
        ("NVIDIA RTX 2000", "Ada Lovelace", "580.95.05", 4),
        ("Engineering Sample", "Rubin", "580.95.05", 5),
    ],
)
def test_a_card_is_charged_by_its_model_then_its_architecture_and_the_nearest_older_driver(
    name: str, architecture: str, driver: str, size_mib: int
) -> None:
    one = replace(card(), product_name=name, architecture=architecture, driver_version=driver)
    assert context_size(one, ROWS).size_mib == size_mib


def test_every_card_has_a_figure() -> None:
    for architecture in (*nvml._ARCHITECTURES.values(), "Unknown"):
        assert context_bytes(replace(card(), product_name="new", architecture=architecture)) > 0
    assert context_bytes(replace(card(), product_name="Tesla V100-SXM2-16GB", architecture="Volta")) == 308 * MIB


def test_the_table_is_of_whole_slabs_with_sources_and_architectures_that_nvml_knows() -> None:
    for size in SIZES:
        assert size.size_mib > 0
        assert size.size_mib % 2 == 0
        assert size.source.split()[0].rstrip(":") in (MEASURED, PUBLISHED, ESTIMATE)
        assert size.architecture in ("", *nvml._ARCHITECTURES.values())
    keys = [(size.model, size.architecture, size.branch) for size in SIZES]
    assert len(set(keys)) == len(keys)
