"""docs/format.md names everything that there is: attributes, keys and their defaults."""

import json
import re
from dataclasses import fields
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from hw.convert import convert
from spiker import IF, Layer, Network, load, save
from spiker.cli.commands import COMMANDS, spiker
from spiker.encoders import ENCODERS
from spiker.hardware import CHOICES, Hardware
from spiker.hardware_text import shown
from spiker.neurons import NEURONS
from spiker.recipe import LayerSection, Recipe
from spiker.recipe_stdp import STDP_SECTIONS
from spiker.recipe_training import Augmentation, SpikeAugmentation, Teacher, Training
from spiker.spike_file import save_spikes
from sw.exchange import write_nir

TEXT = (Path(__file__).parents[2] / "docs" / "format.md").read_text("utf-8")


def section(title):
    """Text of a section, up to the next one."""
    return re.search(rf"^## {title}\n(.*?)(?=^## |\Z)", TEXT, re.M | re.S).group(1)


def rows(text):
    """Cells of all table rows; a bar within a cell is written with a backslash."""
    lines = [line for line in text.splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]] for line in lines]


def names(cell):
    return re.findall(r"`([\w.]+)`", cell)


def documented(text):
    """Last cell by the first cell's name."""
    return {names(row[0])[0]: row[-1].strip("`") for row in rows(text) if names(row[0])}


def plain(default):
    return f'"{default}"' if isinstance(default, str) else str(default)


def in_toml(default):
    """A default as the table shows it; TOML has no word for nothing."""
    if isinstance(default, bool):
        return str(default).lower()
    if default in (None, (), {}):
        return "none"
    return plain(default).replace("(", "[").replace(")", "]")


@pytest.mark.parametrize(
    ("model", "before"),
    [(Training, ""), (Augmentation, ""), (SpikeAugmentation, ""), (Teacher, "teacher.")],
    ids=str,
)
def test_recipes_training_keys_have_the_documented_defaults(model, before):
    found = documented(section("Recipe").partition("\n`[stdp]`")[0])
    defaults = {before + name: in_toml(field.default) for name, field in model.model_fields.items()}
    # tables of their own, and what the recipe says elsewhere
    others = {"augmentation": None, "spike_augmentation": None, "teacher": None, "loss": "the readout"}
    for name, default in defaults.items():
        expected = others.get(name, default)
        assert expected is None or found[name] == expected, name


@pytest.mark.parametrize("model", STDP_SECTIONS.values(), ids=STDP_SECTIONS)
def test_recipes_stdp_keys_have_the_documented_defaults(model):
    # of a row with several keys each has its own default
    text = section("Recipe").partition("\n`[stdp]`")[2]
    found = {}
    for row in rows(text):
        keys = names(row[0])
        defaults = row[-1].split(", ") if len(keys) > 1 else row[-1:]
        found |= dict(zip(keys, defaults, strict=False))
    for name, field in model.model_fields.items():
        assert found[name] == ("required" if field.is_required() else in_toml(field.default)), name


def test_recipes_other_keys_have_the_documented_defaults():
    found = documented(section("Recipe"))
    for name in ("steps", "readout"):
        assert found[name] == plain(Recipe.model_fields[name].default)
    for name, field in LayerSection.model_fields.items():
        default = "required" if field.is_required() else plain(field.default).replace("None", "none")
        assert found[name] == default, name


@pytest.mark.parametrize("neuron", NEURONS.values())
def test_neurons_keys_are_documented_with_their_defaults(neuron):
    in_recipe, in_file = documented(section("Recipe")), documented(section("Network file"))
    for field in fields(neuron):
        assert field.name in in_file
        if field.default is not None:
            assert in_recipe[field.name].partition(";")[0] == plain(field.default), field.name


def test_encoders_attributes_are_documented():
    found = [name for row in rows(section("Encoders")) for name in names(row[1])]
    for encoder in ENCODERS.values():
        assert f'"{encoder.name}"' in section("Encoders")
        assert {field.name for field in fields(encoder)} <= set(found)


def documented_keys():
    """Keys of every command's JSON."""
    found = {}
    for row in rows(section("JSON")):
        commands = re.findall(r"`([^`]+)`", row[0])
        if commands:
            keys = found[commands[0]] = []
        if names(row[1]):
            keys += names(row[1])
    return found


def test_every_command_is_documented():
    assert set(documented_keys()) == {*COMMANDS, "cosim --random"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A network and spikes for it."""
    folder = tmp_path_factory.mktemp("format")
    save(Network(2, 3, [Layer(2, IF(), weight=np.ones((2, 2), int))], "counts"), folder / "net.h5")
    write_nir(load(folder / "net.h5"), folder / "model.nir")
    for name in ("spikes", "train", "test"):
        save_spikes(folder / f"{name}.npz", np.ones((2, 3, 2), int), [0, 1])
    return folder


@pytest.mark.parametrize(
    "arguments",
    [
        ["evaluate", "net.h5", "--data", "spikes.npz", "--trace", "trace.npz"],
        ["quantize", "net.h5", "-o", "q.h5", "--data", "npz", "--data-dir", ".", "--validation", "1"],
        ["convert", "net.h5", "-o", "hdl"],
        ["cosim", "net.h5", "--simulator", "myhdl", "--data", "spikes.npz"],
        ["inspect", "net.h5"],
        ["import", "model.nir", "-o", "back.h5"],
        ["export", "net.h5", "-o", "again.nir"],
        ["recipe", "digits"],
        ["doctor"],
    ],
    ids=lambda arguments: arguments[0],
)
def test_commands_print_the_documented_keys(folder, arguments, monkeypatch):
    monkeypatch.chdir(folder)
    done = CliRunner().invoke(spiker, [*arguments, "--json"], catch_exceptions=False)
    assert done.exit_code == 0
    assert set(json.loads(done.stdout)) == set(documented_keys()[arguments[0]])


def test_random_cosimulations_print_the_documented_keys():
    arguments = ["cosim", "--random", "1", "--simulator", "myhdl", "--quiet", "--json"]
    done = CliRunner().invoke(spiker, arguments, catch_exceptions=False)
    assert set(json.loads(done.stdout)) == set(documented_keys()["cosim --random"])


def test_the_hardwares_choices_are_documented_with_their_values_and_defaults():
    found = {names(row[0])[0]: row for row in rows(section("Hardware")) if names(row[0])}
    assert set(found) == {field.name for field in fields(Hardware)}
    for field in fields(Hardware):
        allowed = CHOICES.get(field.name, ())
        for value in allowed:
            assert (f'"{value}"' if isinstance(value, str) else shown(value)) in found[field.name][1]
        default = f'"{field.default}"' if isinstance(field.default, str) else shown(field.default)
        assert found[field.name][2] == (f'"{default}"' if default == "all" else default)


def test_the_list_of_data_sets_has_the_documented_keys():
    done = CliRunner().invoke(spiker, ["data", "list", "--json"], catch_exceptions=False)
    printed = json.loads(done.stdout)
    assert set(printed) <= set(documented_keys()["data"])
    text = next(row[2] for row in rows(section("JSON")) if "data_sets" in row[1])
    assert set(names(text)) >= set(printed["data_sets"][0])


def test_manifest_has_the_documented_keys(folder):
    convert(Network(2, 3, [Layer(2, IF(), weight=np.ones((2, 2), int))], "counts"), folder / "design")
    manifest = json.loads((folder / "design" / "manifest.json").read_text())
    found = {names(row[0])[0]: row[1] for row in rows(section("Manifest")) if names(row[0])}
    assert set(manifest) == set(found)
    for part in ("widths", "timing"):
        inner = {*manifest[part], *manifest[part]["layers"][0]}
        of_currents = {"current", "current_accumulator"} if part == "widths" else set()
        assert inner | of_currents == set(names(found[part]))
    assert set(manifest["ports"][0]) == set(names(found["ports"]))
