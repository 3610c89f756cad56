"""The register map and what is made from it: C header, Python module, documentation."""

import json
import re
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from axi_packets import packets_of
from small_networks import COUNTS, MEMBRANE

from hw import convert
from hw.accelerator import build, spike_tallies
from hw.entity import word
from hw.interfaces import Stream
from hw.layer_design import LayerDesign
from hw.shell import Extras, LoadSize, ThresholdPort, WeightPort, software
from hw.shell.description import Field, Register, RegisterMap
from hw.shell.register_map import register_map
from hw.shell.software import register_table
from hw.shell.stream_format import StreamFormat
from spiker import IF, ConfigError, Delta, Latency, Layer, Network
from spiker.hardware import Hardware

AXI = Hardware(shell="axi")
SIZES = (LoadSize.of_rows(4, lanes=8, bits=4), LoadSize.of_rows(8, lanes=10, bits=4))
EVERYTHING = Extras(WeightPort.of(SIZES), ThresholdPort.of(SIZES), (word(1), word(4)))
TEN_CLASSES = Network(
    4,
    2,
    [
        Layer(8, IF(threshold=1), weight=np.ones((4, 8), np.int64)),
        Layer(10, IF(threshold=1), weight=np.ones((8, 10), np.int64)),
    ],
    "counts",
)
DOCUMENT = Path(__file__).parents[3] / "docs" / "axi.md"


STREAM = StreamFormat.of(TEN_CLASSES, AXI)


def python_module(registers, network=TEN_CLASSES, stream=STREAM):
    names = {}
    exec(software("spiker_registers.py", network, stream, registers), names)
    return names


class Memory(dict):
    """Registers that hold what is written to them."""

    def read(self, address):
        return self.get(address, 0)

    def write(self, address, value):
        self[address] = value


@pytest.fixture
def everything():
    """The map of a design that has everything."""
    return register_map(TEN_CLASSES, AXI, EVERYTHING)


def test_the_document_has_the_table_that_the_map_makes(everything):
    text = DOCUMENT.read_text("utf-8")
    found = re.search(r"<!-- registers -->\n(.*?)<!-- end of registers -->", text, re.S)
    assert found[1] == register_table(everything)


def test_the_diagram_is_one_and_all_its_waves_are_as_long():
    text = DOCUMENT.read_text("utf-8")
    (diagram,) = re.findall(r"```wavedrom\n(.*?)```", text, re.S)
    signals = json.loads(diagram)["signal"]
    assert {len(signal["wave"]) for signal in signals} == {21}


def test_registers_are_there_where_the_design_has_them():
    few = register_map(MEMBRANE, AXI, Extras())
    assert not few.has("load_value")
    assert not few.has("threshold_value")
    assert not few.has("spikes0")
    assert few.register("features").value == 31 << 24


def test_features_say_what_there_is(everything):
    module = python_module(everything)
    assert module["FEATURES_WEIGHTS_VALUE"] == module["FEATURES_THRESHOLDS_VALUE"] == 1
    assert module["FEATURES_LAYERS_VALUE"] == 2
    kept = register_map(MEMBRANE, replace(AXI, input="words", keep_state=True), Extras())
    assert kept.register("features").value == 1 << 16 | 1 << 18 | 6 << 24


def described(network, **choices):
    """Software's constants of a network's input stream, by their names."""
    hardware = replace(AXI, **choices)
    registers, stream = register_map(network, hardware, Extras()), StreamFormat.of(network, hardware)
    module = python_module(registers, network, stream)
    header = software("spiker_registers.h", network, stream, registers)
    names = ("TICK", "NONE", "WORDS", "LARGEST")
    found = {name: module[name] for name in names if name in module}
    in_c = {name: int(value, 0) for name, value in re.findall(r"#define SPIKER_(\w+) (\w+)u\n", header)}
    assert {name: in_c[name] for name in names if name in in_c} == found
    features = module["FEATURES_INPUT_VALUE"], module["FEATURES_PAIRS_VALUE"], module["FEATURES_BITS_VALUE"]
    return found, module["PACKET_VALUE"], features


def network_with(inputs, encoder=None):
    """Three steps; the layer doesn't matter."""
    layer = Layer(2, IF(threshold=1), weight=np.ones((inputs, 2), np.int64))
    return Network(inputs, 3, [layer], "counts", encoder)


def test_software_knows_the_format_of_the_input_stream():
    tick = 1 << 31
    assert described(network_with(70)) == ({"TICK": tick}, 0, (0, 0, 31))
    assert described(network_with(70), lanes=2) == ({"TICK": tick, "NONE": tick}, 0, (0, 1, 31))
    # three words a step; then one
    assert described(network_with(70), input="words") == ({"WORDS": 3}, 9, (1, 0, 32))
    assert described(network_with(7), input="words") == ({"WORDS": 1}, 3, (1, 0, 7))
    assert described(network_with(7, Latency(maximum=200)), input="encoder") == (
        {"LARGEST": 200},
        7,
        (2, 0, 8),
    )
    # two inputs a value, and values come anew in every step
    assert described(network_with(8, Delta(maximum=256)), input="encoder") == (
        {"LARGEST": 256},
        12,
        (2, 0, 9),
    )


@pytest.mark.parametrize("inputs", [5, 70])
@pytest.mark.parametrize("choices", [{}, {"lanes": 2}, {"input": "words"}])
def test_software_makes_packets_that_mean_what_went_in(inputs, choices):
    network, hardware = network_with(inputs), replace(AXI, **choices)
    stream = StreamFormat.of(network, hardware)
    module = python_module(register_map(network, hardware, Extras()), network, stream)
    train = np.random.default_rng(inputs).integers(0, 2, (3, inputs), np.uint8)
    words = module["packet"]([np.flatnonzero(step).tolist() for step in train])
    if stream.lanes == 2:
        words = [low | high << 32 for low, high in zip(words[::2], words[1::2], strict=True)]
    what = packets_of(network, hardware).meaning(words)
    assert not what.flags
    assert what.train.tolist() == train.tolist()


@pytest.mark.parametrize("choices", [{}, {"lanes": 2}, {"input": "words"}])
@pytest.mark.parametrize(
    ("steps", "message"),
    [
        ([[-1], [], []], "index -1 in step 0; allowed: 0 to 69"),
        ([[], [], [3, 70]], "index 70 in step 2; allowed: 0 to 69"),
        ([[], [1 << 31], []], "index 2147483648 in step 1; allowed: 0 to 69"),
        ([[], [4, 5, 4], []], "indices [4, 5, 4] in step 1; allowed: each index once"),
        ([[1], [2]], "2 steps; allowed: 3"),
        ([], "0 steps; allowed: 3"),
        ([[1]] * 4, "4 steps; allowed: 3"),
    ],
)
def test_software_refuses_what_is_no_sample(choices, steps, message):
    network, hardware = network_with(70), replace(AXI, **choices)
    module = python_module(
        register_map(network, hardware, Extras()), network, StreamFormat.of(network, hardware)
    )
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        module["packet"](iter(steps))


def test_the_first_32_layers_have_a_spike_counter():
    layers = [Layer(1, IF(threshold=1), weight=[[1]]) for _ in range(33)]
    network = Network(1, 1, layers, "counts")
    designs = [LayerDesign.of(network, number, AXI) for number in range(33)]
    tallies = spike_tallies(designs, [Stream.for_inputs(1) for _ in layers])
    assert len(tallies) == 32
    assert register_map(network, AXI, Extras(spikes=tallies)).registers[-1].name == "spikes31"


def test_a_layer_that_never_fires_has_no_spike_counter():
    assert len(MEMBRANE.layers) == 2
    assert not MEMBRANE.layers[1].neuron.fires
    assert len(build(MEMBRANE, AXI).extras.spikes) == 1
    assert build(MEMBRANE, Hardware()).extras.spikes == ()


def test_constants_are_the_network_s(everything):
    module = python_module(everything)
    assert module["MAGIC_VALUE"].to_bytes(4, "big") == b"SPKR"
    assert (module["INPUTS_VALUE"], module["STEPS_VALUE"], module["CLASSES_VALUE"]) == (4, 2, 10)
    assert "".join(f"{module[f'DIGEST{i}_VALUE']:08x}" for i in range(4)) == TEN_CLASSES.digest[:32]


def test_the_python_class_reads_and_writes_fields(everything):
    memory = Memory()
    module = python_module(everything)
    registers = module["Registers"](memory.read, memory.write)
    registers.interrupt_enable_error = 1
    registers.interrupt_enable_done = 1
    assert memory[module["INTERRUPT_ENABLE"]] == 0b011
    registers.interrupt_enable_error = 0
    assert memory[module["INTERRUPT_ENABLE"]] == 0b001
    assert (registers.interrupt_enable_done, registers.interrupt_enable_error) == (1, 0)
    registers.control_enable = 1
    registers.start()
    assert memory[module["CONTROL"]] == 0b011
    registers.clear_errors_ended_early()
    assert memory[module["ERRORS"]] == 0b010
    registers.put_load_value(-3)
    assert memory[module["LOAD_VALUE"]] == 0xFFFFFFFD
    memory[module["SCORE"]] = 0xFFFFFFFE
    assert registers.score == -2
    with pytest.raises(ValueError, match="16 at address 0x58; allowed: 0 to 15"):
        registers.score_index = 16


C_PROGRAM = """
#include <assert.h>
#include <stdio.h>
#include "spiker_registers.h"
int main(void)
{
    uint32_t memory[64] = {0};
    assert(SPIKER_MAGIC_VALUE == 0x53504b52u && SPIKER_CLASSES_VALUE == 10u && SPIKER_TICK == 1u << 31);
    spiker_set_interrupt_enable_error(memory, 1);
    spiker_set_interrupt_enable_done(memory, 1);
    spiker_set_interrupt_enable_error(memory, 0);
    assert(memory[0x38 / 4] == 1 && spiker_get_interrupt_enable_done(memory) == 1);
    spiker_set_control_enable(memory, 1);
    spiker_control_start(memory);
    assert(memory[0x30 / 4] == 3);
    spiker_clear_errors_ended_early(memory);
    assert(memory[0x40 / 4] == 2);
    spiker_put_load_value(memory, (uint32_t)-3);
    assert(memory[0x6c / 4] == 0xfffffffdu);
    memory[0x5c / 4] = 0xfffffffeu;
    assert(spiker_get_score(memory) == -2);
    puts("fine");
    return 0;
}
"""


STRICT = ["-Wall", "-Wextra", "-Wconversion", "-Wsign-conversion", "-pedantic", "-Werror"]


def compiler_of(*names):
    found = next(filter(None, map(shutil.which, names)), None)
    return found or pytest.skip("no compiler")


def compile_c(text, folder, *options):
    (folder / "program.c").write_text(text)
    command = [compiler_of("cc", "gcc"), "-std=c99", *STRICT, *options, "program.c"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_the_c_header_reads_and_writes_fields(everything, tmp_path):
    (tmp_path / "spiker_registers.h").write_text(
        software("spiker_registers.h", TEN_CLASSES, STREAM, everything)
    )
    compile_c(C_PROGRAM, tmp_path, "-o", "program")
    done = subprocess.run([tmp_path / "program"], capture_output=True, text=True, check=True)
    assert done.stdout == "fine\n"


def test_the_c_header_is_c_plus_plus_without_casts_of_c(everything, tmp_path):
    header = tmp_path / "spiker_registers.hpp"
    header.write_text(software("spiker_registers.h", TEN_CLASSES, STREAM, everything))
    strict = [*STRICT, "-Wold-style-cast", "-fsyntax-only"]
    command = [compiler_of("c++", "g++"), *strict, header]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_the_document_s_driver_compiles(everything, tmp_path):
    (driver,) = re.findall(r"```c\n(.*?)```", DOCUMENT.read_text("utf-8"), re.S)
    (tmp_path / "spiker_registers.h").write_text(
        software("spiker_registers.h", TEN_CLASSES, STREAM, everything)
    )
    send = "#include <stdint.h>\nvoid send(const uint32_t *beats, unsigned count);\n"
    compile_c(send + driver, tmp_path, "-c", "-o", "driver.o")


def test_the_document_s_python_driver_uses_what_there_is(everything):
    (driver,) = re.findall(r"```py\n(.*?)```", DOCUMENT.read_text("utf-8"), re.S)
    module = python_module(everything)
    for name in re.findall(r"\br\.(\w+)", driver):
        assert name in module
    for name in re.findall(r"registers\.(\w+)", driver):
        assert hasattr(module["Registers"], name), name


def test_the_folder_holds_what_the_manifest_names_and_the_document_explains(tmp_path):
    everything = replace(AXI, weights="loadable", load_thresholds=True)
    design = convert(COUNTS, tmp_path / "hdl", everything)
    manifest = json.loads((design.folder / "manifest.json").read_text())
    files = {str(file.relative_to(design.folder)) for file in design.folder.rglob("*") if file.is_file()}
    assert files == {*manifest["files"], *manifest["data"], "manifest.json"}
    assert manifest["top"] == "spiker_axi"
    names = {"registers.md", "spiker_registers.h", "spiker_registers.py"}
    assert set(manifest["data"]) == {f"registers/{name}" for name in names}
    explained = re.findall(r"`((?:axi|spiker)_\w+)`", DOCUMENT.read_text("utf-8"))
    own = {re.sub(r"\d+$", "N", name.removesuffix(".vhd")) for name in files if "axi" in name}
    assert own == {name for name in explained if "axi" in name}


def some_map(*registers):
    return RegisterMap(registers, 8)


def some_register(offset, *fields, name="one"):
    return Register(name, offset, "text", fields or (Field("value", 0, 32, "stored", "text"),))


@pytest.mark.parametrize(
    ("registers", "message"),
    [
        ((some_register(0), some_register(4)), "two registers are called 'one'"),
        ((some_register(2),), "register 'one' at 0x2; allowed: multiples of 4, 0x0 to 0xfc"),
        ((some_register(0x100),), "register 'one' at 0x100; allowed: multiples of 4, 0x0 to 0xfc"),
        ((some_register(8), some_register(4, name="two")), "register 'two' at 0x4; allowed: .* 0xc to 0xfc"),
        (
            (some_register(0, Field("a", 0, 8, "stored", ""), Field("b", 7, 2, "stored", "")),),
            "register 'one': field 'b' in bits 7 to 8; allowed: free ones of 0 to 31",
        ),
        (
            (some_register(0, Field("a", 30, 3, "stored", "")),),
            "field 'a' in bits 30 to 32; allowed: free ones of 0 to 31",
        ),
        (
            (some_register(0, Field("a", 0, 2, "constant", "", 4)),),
            "field 'a' = 4; allowed: 2 bits, unsigned",
        ),
    ],
)
def test_a_map_that_cannot_be_is_refused(registers, message):
    with pytest.raises(ConfigError, match=message):
        some_map(*registers)
