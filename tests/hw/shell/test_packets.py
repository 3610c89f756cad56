"""The packets that the shell is tried with: whether they are what they are meant to be."""

import random

import pytest
from axi_designs import DESIGNS
from axi_packets import TICK, packets_of, random_packet

from spiker.hardware import Hardware
from spiker.sparsity import sparsity


def taken(name):
    design = DESIGNS[name]
    return packets_of(design.network, Hardware(**design.choices))


@pytest.mark.parametrize("name", DESIGNS)
def test_beats_fit_the_stream_and_cases_set_the_flags_of_their_names(name):
    packets, chance = taken(name), random.Random(3)
    bits = 64 if name.startswith("pairs") else 32
    good = packets.good(chance)
    assert not packets.meaning(good).flags
    cases = {} if name == "one" else packets.cases(chance, good)
    for what, beats in cases.items():
        assert packets.meaning(beats).flags
        if what in {"index_range", "value_range", "ended_early", "ended_late"}:
            assert packets.meaning(beats).flags == {what}
    many = [*cases.values(), *(random_packet(chance, packets, 0.7) for _ in range(300))]
    assert all(0 <= beat < 1 << bits for beats in many for beat in beats)


def test_where_every_bit_is_an_input_no_word_can_be_wrong():
    packets, chance = taken("words, none spare"), random.Random(3)
    many = [packets.meaning(random_packet(chance, packets, 0.7)).flags for _ in range(300)]
    assert frozenset().union(*many) == {"ended_early", "ended_late"}


@pytest.mark.parametrize("name", ["sparse", "sparse, a choice a layer", "blocks", "auto"])
def test_events_come_in_order_where_something_is_left_out(name):
    design = DESIGNS[name]
    first = Hardware(**design.choices).of_layers(design.network)[0]
    assert sparsity(design.network.layers[0], first).form != "dense"
    chance, packets = random.Random(3), taken(name)
    for _ in range(20):
        before = -1
        for beat in packets.good(chance):
            assert beat & TICK or beat > before
            before = -1 if beat & TICK else beat


@pytest.mark.parametrize("name", ["membrane", "folded", "recurrent"])
def test_events_come_in_any_order_elsewhere(name):
    chance, packets = random.Random(3), taken(name)
    assert not packets.in_order
    assert any(packets.good(chance) != packets.good(chance) for _ in range(3))
