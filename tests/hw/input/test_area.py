"""The blocks' size: what docs/blocks/input.md says, with some room for other versions of the tools."""

import pytest
from input_blocks import network_of, write_design

from cosim.area import measure_area
from spiker import Delta, Latency, Rate


@pytest.mark.slow
@pytest.mark.sim("ghdl", "yosys")
@pytest.mark.parametrize(
    ("inputs", "encoder", "most", "blocks"),
    [
        (784, None, 120, 0),
        (784, Latency(), 60, 1),
        (784, Rate(), 95, 1),
        (1568, Delta(), 60, 1),
    ],
    ids=lambda value: getattr(value, "name", value),
)
def test_blocks_of_mnists_size_are_small(yosys, tmp_path, inputs, encoder, most, blocks):
    write_design(network_of(inputs, 8, encoder), tmp_path)
    area = measure_area(tmp_path)  # latches are an error
    assert area.lut + area.memory_lut <= most
    assert (area.ramb18, area.dsp) == (blocks, 0)
