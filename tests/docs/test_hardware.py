"""docs/hardware.md names every entity that there is."""

import re
from pathlib import Path

import numpy as np
import pytest

from hw import convert
from spiker import LIF, CubaLIF, Delta, Latency, Layer, Network, Rate
from spiker.hardware import Hardware

DOCS = Path(__file__).parents[2] / "docs"
TEXT = (DOCS / "hardware.md").read_text("utf-8")
TABLE = TEXT.partition("## Entities, one a file")[2].partition("\n## ")[0]
NAMED = set(
    re.findall(r"`(\w+)`", "\n".join(line.split("|")[1] for line in TABLE.splitlines() if "|" in line))
)

RECURRENT = Layer(
    6,
    CubaLIF(),
    recurrent_bits=3,
    bias_bits=4,
    weight=np.ones((9, 6), int),
    recurrent=np.arange(36).reshape(6, 6) % 3,
    bias=[1, 2, 3, 4, 5, 6],
)
FIRING = Layer(4, LIF(), weight=np.ones((6, 4), int))
DESIGNS = {
    "parallel": (Network(9, 3, [RECURRENT, FIRING], "counts"), Hardware()),
    "folded, two lanes": (
        Network(9, 3, [RECURRENT, FIRING], "first_spike"),
        Hardware(parallelism=(3, None), lanes=(2, 1)),
    ),
    "zeros left out": (
        Network(9, 3, [RECURRENT, FIRING], "membrane"),
        Hardware(parallelism=3, sparse="blocks"),
    ),
    "loaded": (
        Network(9, 3, [RECURRENT, FIRING], "counts"),
        Hardware(weights="loadable", load_thresholds=True),
    ),
    "by the clock": (Network(9, 3, [RECURRENT, FIRING], "membrane"), Hardware(schedule="clock")),
}


@pytest.mark.parametrize(("network", "hardware"), DESIGNS.values(), ids=DESIGNS.keys())
def test_every_entity_of_a_design_is_named(network, hardware, tmp_path):
    for file in convert(network, tmp_path / "hdl", hardware).files:
        name = re.sub(r"^layer\d+", "layerN", file.removesuffix(".vhd"))
        # the parts of the currents are named as those of the neurons
        assert name.replace("layerN_currents_", "layerN_neurons_") in NAMED


@pytest.mark.parametrize("encoder", [Latency(), Rate(), Delta(), None], ids=str)
def test_every_entity_before_the_first_layer_is_named(encoder, tmp_path):
    network = Network(4, 2, [Layer(2, LIF(), weight=np.ones((4, 2), int))], "counts", encoder)
    files = convert(network, tmp_path / "hdl", Hardware(input="encoder" if encoder else "words")).files
    found = {
        name for file in files if re.match("[a-z]+_(encoder|scanner)", name := file.removesuffix(".vhd"))
    }
    assert found
    assert found <= set(re.findall(r"`(\w+)`", (DOCS / "blocks" / "input.md").read_text("utf-8")))
