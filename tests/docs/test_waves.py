"""The timing diagrams in docs/blocks/input.md are what the blocks do."""

import json
import re
from pathlib import Path

import numpy as np
import pytest
from input_blocks import Play, network_of, play_myhdl, words

from cosim.wavedrom import wire_wave, word_wave
from spiker import Delta, Latency, Rate

PAGE = Path(__file__).parents[2] / "docs" / "blocks" / "input.md"
RESET = 2
"""Cycles of reset at the start, which the diagrams leave out."""


def diagrams():
    """Diagrams by the headings above them."""
    found = {}
    for title, text in re.findall(
        r"^## ([^\n]+)\n(?:(?!^## ).)*?^```json\n(.*?)^```", PAGE.read_text("utf-8"), re.M | re.S
    ):
        found[title] = json.loads(text)
    return found


def drawn(prefix, cycles):
    """Diagram of what was seen, without its heading."""
    source, events, beat_number, event_number = [], [], 0, 0
    for (_, valid, data, taking), (ready, _, beat) in cycles:
        source.append((beat_number, data) if valid else None)
        beat_number += valid and ready
        is_index = beat is not None and not beat[0]
        events.append((event_number, beat[1]) if is_index else None)
        event_number += beat is not None and taking
    return [
        {"name": "clk", "wave": "p" + "." * (len(cycles) - 1)},
        {"name": f"{prefix}_valid", "wave": wire_wave([pins[1] for pins, _ in cycles])},
        {"name": f"{prefix}_ready", "wave": wire_wave([answer[0] for _, answer in cycles])},
        {"name": f"{prefix}_data"} | word_wave(source, str),
        {"name": "event_valid", "wave": wire_wave([answer[2] is not None for _, answer in cycles])},
        {"name": "event_ready", "wave": wire_wave([pins[3] for pins, _ in cycles])},
        {"name": "event_index"} | word_wave(events, str),
        {
            "name": "event_tick",
            "wave": wire_wave([answer[2] is not None and answer[2][0] for _, answer in cycles]),
        },
        {
            "name": "event_last",
            "wave": wire_wave(
                [answer[2] is not None and answer[2][0] and answer[2][1] for _, answer in cycles]
            ),
        },
    ]


def scanner():
    train = np.zeros((2, 70), np.uint8)
    train[0, [1, 2, 69]] = train[1, 1] = 1
    return "word", network_of(70, 2), words(train), 1


def encoder(found, values, steps):
    values = np.array(values)
    inputs = found.inputs_of(values.shape[-1])
    return "value", network_of(inputs, steps, found), values.ravel().tolist(), 1


SCENES = {
    "Word scanner": scanner(),
    "Latency encoder": encoder(Latency(), [255, 0, 250], 2),
    "Rate encoder": encoder(Rate(), [255, 0, 3], 2),
    "Delta encoder": encoder(Delta(), [[100, 100, 100], [100, 50, 200]], 2),
}


def simulated(title):
    prefix, network, beats, pause = SCENES[title]
    seen = play_myhdl(network, Play([beats], network.steps, takes=lambda _, since_tick: since_tick >= pause))
    ready_from = RESET + (network.steps if title == "Latency encoder" else 0)
    return drawn(prefix, seen.cycles[ready_from:])


@pytest.mark.parametrize("title", SCENES)
def test_diagrams_are_what_happens(title):
    assert diagrams()[title]["signal"] == simulated(title)
