"""The shell between an independent AXI master, source and sink, in GHDL."""

import os
import re
import time

import pytest
from axi_simulation import TESTS, AxiSimulation
from small_networks import COUNTS, MEMBRANE

from spiker import IF, Layer, Network

DIRECTED = re.findall(r"@cocotb\.test\(\)\nasync def (\w+)", (TESTS / "axi_bench.py").read_text())[:-2]

ONE = Network(1, 1, [Layer(1, IF(threshold=1), weight=[[3]])], "counts")
"""The smallest there is: one input, one step, one neuron."""


@pytest.fixture(scope="module")
def simulations(tmp_path_factory):
    """Compiled simulations by network, each made once."""
    made = {}

    def simulation(network):
        if network.digest not in made:
            made[network.digest] = AxiSimulation(network, tmp_path_factory.mktemp("axi"))
        return made[network.digest]

    return simulation


@pytest.mark.sim("ghdl")
def test_one_thing_after_the_other(simulations):
    assert len(DIRECTED) == 12
    simulations(MEMBRANE).play(*DIRECTED)


@pytest.mark.sim("ghdl")
@pytest.mark.parametrize(
    ("network", "seed"), [(MEMBRANE, 1), (COUNTS, 2), (ONE, 3)], ids=["membrane", "counts", "one"]
)
def test_random_packets_stalls_and_resets(simulations, network, seed):
    counts = simulations(network).play("random_packets_and_resets", packets=60, seed=seed)["counts"]
    assert counts["packets"] >= 60
    for kind in ("malformed", "soft resets", "hard resets", "reads", "writes"):
        assert counts[kind], counts


@pytest.mark.sim("ghdl")
def test_folded_layers_in_the_shell(tmp_path):
    simulation = AxiSimulation(COUNTS, tmp_path, parallelism=(8, 1))
    simulation.play(
        "random_packets_and_resets", "a_sample_takes_the_cycles_of_the_timing_model", packets=20, seed=6
    )


@pytest.mark.sim("ghdl", "iverilog")
def test_the_synthesized_netlist_does_the_same(tmp_path):
    counts = AxiSimulation(COUNTS, tmp_path, netlist=True).play(
        "random_packets_and_resets", packets=25, seed=5
    )["counts"]
    assert counts["packets"] > 24


@pytest.mark.slow
@pytest.mark.sim("ghdl")
def test_ten_thousand_transactions_lose_nothing_and_never_hang(simulations, capsys):
    seed = int(os.environ.get("SPIKER_AXI_SEED", "2026"))
    begin = time.perf_counter()
    counts = simulations(MEMBRANE).play("random_packets_and_resets", packets=10_000, seed=seed)["counts"]
    with capsys.disabled():
        print(f"\nAXI shell, seed {seed}, {time.perf_counter() - begin:.0f} s: {counts}")
    assert counts["packets"] >= 10_000
