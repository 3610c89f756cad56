"""inspect, recipe and doctor."""

import tomllib

import pytest
from cli_networks import ECHO
from small_networks import MEMBRANE

from spiker import Latency, Network, save
from spiker.recipe import recipe_names


def test_inspect_gives_layers_parameters_and_digest(done, small):
    found = done("inspect", small, "--json").json
    assert {"layers", "parameters", "digest"} <= set(found)
    # 6 inputs to 40 neurons with a bias each, these to 3
    assert found["parameters"] == 7 * 40 + 40 * 3
    assert found["digest"] == MEMBRANE.digest
    assert [(layer["neuron"], layer["size"]) for layer in found["layers"]] == [("lif", 40), ("li", 3)]
    assert found["layers"][0]["state_bits"] == 6
    assert found["encoder"] is None


def test_inspect_shows_the_same_as_a_table(done, small):
    shown = done("inspect", small).out
    for part in ("lif", "li", "layer 000", "layer 001", "400", MEMBRANE.digest, "it takes spikes"):
        assert part in shown


def test_inspect_shows_an_encoder_and_parameters_of_each_neuron_as_a_range(done, folder):
    layer = MEMBRANE.layers[0]
    neuron = type(layer.neuron)(state_bits=6, threshold=(3,) * 20 + (9,) * 20)
    own = MEMBRANE.with_layers([type(layer)(40, neuron, weight=layer.weight), MEMBRANE.layers[1]])
    save(Network(6, 5, own.layers, "membrane", Latency(maximum=15, threshold=2)), folder / "own.h5")
    shown = done("inspect", "own.h5").out
    assert "3 to 9" in shown
    assert "latency, maximum 15, threshold 2" in shown


@pytest.mark.parametrize("name", recipe_names())
def test_recipe_prints_toml_and_nothing_else(done, name):
    outcome = done("recipe", name)
    assert outcome.err == ""
    assert tomllib.loads(outcome.out)["layers"][0]["neuron"] in ("lif", "cubalif")
    assert done("recipe", name, "--json").json == {"name": name, "toml": outcome.out}


def test_a_printed_recipe_can_be_trained(done, folder, mnist):
    (folder / "my.toml").write_text(done("recipe", "mnist-small").out)
    done("train", "my.toml", "-o", "my.h5", "--epochs", 1, "--data-dir", mnist)
    assert done("inspect", "my.h5", "--json").json["layers"][0]["weight_bits"] == 3


def test_doctor_names_every_tool_with_its_version(done):
    tools = {tool["name"]: tool for tool in done("doctor", "--json").json["tools"]}
    assert {"python", "numpy", "h5py", "myhdl", "torch", "ghdl", "iverilog", "verilator"} <= set(tools)
    assert tools["myhdl"]["version"] == "0.11.52"
    assert all(tool["install"] for tool in tools.values())


def test_doctor_says_what_is_missing_and_how_to_get_it(done, no_programs):
    outcome = done("doctor")
    line = next(line for line in outcome.out.splitlines() if line.startswith("ghdl"))
    assert "missing" in line
    assert "apt install ghdl-mcode" in line
    tools = {tool["name"]: tool for tool in done("doctor", "--json").json["tools"]}
    assert tools["ghdl"]["found"] is False
    assert tools["ghdl"]["version"] is None
    assert tools["numpy"]["found"] is True


def test_doctor_survives_a_program_that_fails_or_hangs(done, no_programs, folder, monkeypatch):
    program = folder / "temporary" / "empty" / "ghdl"
    program.write_text("#!/bin/sh\nexit 1\n")
    program.chmod(0o755)
    tools = {tool["name"]: tool for tool in done("doctor", "--json").json["tools"]}
    assert (tools["ghdl"]["found"], tools["ghdl"]["version"]) == (True, None)
    program.write_text("#!/bin/sh\nexec /bin/sleep 30\n")
    monkeypatch.setattr("spiker.cli.tools.SECONDS", 0.2)
    assert "version unknown" in done("doctor").out


def test_the_digest_is_that_of_the_network(done, echo):
    assert done("inspect", echo, "--json").json["digest"] == ECHO.digest
