"""demo: the whole way, once in full and else with a short training and few pictures."""

import pytest
from small_networks import with_weight

from spiker.cli import demonstration
from spiker.network_file import load

KEYS = {"accuracy", "mismatches", "cycles_mean", "files"}
EXECUTIONS = {"float", "quantized", "golden", "myhdl", "ghdl"}


@pytest.mark.sim("ghdl")
def test_the_whole_demo(done, folder):
    found = done("demo", "--json", "--quiet").json
    assert set(found) >= KEYS
    accuracy = found["accuracy"]
    assert set(accuracy) == EXECUTIONS
    assert all(0.9 < part <= 1 for part in accuracy.values())
    # the same integers on the same pictures
    assert accuracy["quantized"] == accuracy["golden"] == accuracy["ghdl"]
    assert found["mismatches"] == 0
    assert found["compared_bits"] > 2_000_000
    assert 50 < found["cycles_mean"] < 200
    # simulated on other numbers of pictures
    assert found["cycles_simulated_mean"] == pytest.approx(found["cycles_mean"], rel=0.05)
    written = {str(path.relative_to(folder)) for path in (folder / "demo").rglob("*") if path.is_file()}
    assert set(found["files"]) == written
    assert {"demo/network.h5", "demo/training.png", "demo/hdl/manifest.json"} <= written
    weights = load("demo/network.h5").layers[0].weights
    assert -8 <= weights.min() < weights.max() <= 7


@pytest.mark.sim("ghdl")
def test_the_table_and_what_comes_next(done, tiny_demo, folder):
    (folder / "my demo").mkdir()
    outcome = done("demo", "-o", "my demo")
    for part in ("PyTorch, float", "PyTorch, quantized", "golden model", "MyHDL", "GHDL", "with waits"):
        assert part in outcome.out
    for part in ("all equal", "mismatches", "predicted", "my demo/network.h5", "my demo/training.png"):
        assert part in outcome.out
    assert "spiker cosim 'my demo/network.h5' --simulator ghdl --internals --hdl 'my demo/hdl'" in outcome.out
    table = outcome.out.split("written")[0].splitlines()
    assert max(map(len, table)) <= 80  # a terminal's width
    assert "training" in outcome.err


@pytest.mark.sim("ghdl")
def test_an_older_demo_is_replaced_and_nothing_else(done, refused, tiny_demo, small, folder):
    done("convert", small, "-o", "demo/hdl")
    (folder / "demo" / "network.h5").write_text("older")
    (folder / "demo" / "notes.txt").write_text("mine")
    assert "demo holds files that spiker didn't write" in refused("demo")
    (folder / "demo" / "notes.txt").unlink()
    done("demo", "--quiet")
    assert load("demo/network.h5").inputs == 64


def test_without_ghdl_it_goes_on_and_says_how_to_get_it(done, tiny_demo, no_programs):
    outcome = done("demo", "--json")
    found = outcome.json
    assert found["accuracy"]["ghdl"] is None
    assert found["accuracy"]["myhdl"] is not None
    assert found["mismatches"] == 0
    assert found["missing"] == {"ghdl": "apt install ghdl-mcode"}
    assert "note: ghdl not found; install it with: apt install ghdl-mcode" in outcome.err


def test_the_table_says_that_ghdl_is_missing_even_quietly(done, tiny_demo, no_programs):
    outcome = done("demo", "--quiet")
    assert outcome.err == ""
    assert "ghdl not found; install it with: apt install ghdl-mcode" in outcome.out


@pytest.mark.sim("ghdl")
def test_a_mismatch_is_shown_and_nothing_is_kept(spiker, tiny_demo, folder, monkeypatch):
    def convert_another(network, target, session):
        weight = network.layers[0].weights[20, 0]
        convert(with_weight(network, 0, (20, 0), 7 if weight < 0 else -8), target, session)

    convert = demonstration._convert
    monkeypatch.setattr(demonstration, "_convert", convert_another)
    outcome = spiker("demo", "-o", "new/demo", "--json", "--quiet")
    assert outcome.code == 1
    assert outcome.json["mismatches"] > 0
    assert outcome.json["files"] == []
    assert outcome.err.startswith("spiker: error: sample ")
    assert outcome.err.count("\n") == 1
    assert not (folder / "new").exists()
    outcome = spiker("demo", "-o", "new/demo")
    assert outcome.code == 1
    assert "spiker train digits --seed 1 -o network.h5" in outcome.out
    assert "written" not in outcome.out


@pytest.mark.parametrize(
    ("output", "named"),
    [
        ("small.h5", "small.h5 is not a folder"),
        ("small.h5/demo", "can't write small.h5/demo"),
        (".", "current folder"),
    ],
)
def test_outputs_that_cannot_be_written_are_refused_before_the_training(refused, small, output, named):
    assert named in refused("demo", "-o", output)
