"""The shell between an independent AXI master, source and sink, in GHDL."""

import os
import re
import time

import pytest
from axi_designs import DESIGNS
from axi_simulation import TESTS, AxiSimulation

DIRECTED = re.findall(r"@cocotb\.test\(\)\nasync def (\w+)", (TESTS / "axi_bench.py").read_text())[:-2]


@pytest.fixture(scope="module")
def simulations(tmp_path_factory):
    """Compiled simulations by the name of their design, each made once."""
    made = {}

    def simulation(name):
        if name not in made:
            design = DESIGNS[name]
            made[name] = AxiSimulation(design.network, tmp_path_factory.mktemp("axi"), **design.choices)
        return made[name]

    return simulation


@pytest.mark.sim("ghdl")
def test_one_thing_after_the_other(simulations):
    assert len(DIRECTED) == 12
    simulations("membrane").play(*DIRECTED)


MALFORMED = "each_malformed_packet_gets_one_marked_answer"
CYCLES = "a_sample_takes_the_cycles_of_the_timing_model"
RANDOM = "random_packets_and_resets"
SAMPLE_RESET = "a_soft_reset_in_a_sample_discards_its_rest"


@pytest.mark.sim("ghdl")
@pytest.mark.parametrize(
    ("name", "tests"),
    [
        ("membrane", [RANDOM]),
        ("one", [RANDOM]),
        ("folded", [CYCLES, RANDOM]),
        ("pairs", [CYCLES, MALFORMED, SAMPLE_RESET, RANDOM]),
        ("words", [CYCLES, MALFORMED, SAMPLE_RESET, RANDOM]),
        ("latency", [CYCLES, MALFORMED, SAMPLE_RESET, RANDOM]),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_random_packets_stalls_and_resets(simulations, name, tests):
    counts = simulations(name).play(*tests, packets=30, seed=len(name))["counts"]
    assert counts["packets"] >= 30
    for kind in ("malformed", "soft resets", "hard resets", "reads", "writes"):
        assert counts[kind], counts


@pytest.mark.sim("ghdl", "iverilog")
def test_the_synthesized_netlist_does_the_same(tmp_path):
    design = DESIGNS["word"]
    counts = AxiSimulation(design.network, tmp_path, netlist=True, **design.choices).play(
        RANDOM, packets=25, seed=5
    )["counts"]
    assert counts["packets"] > 24


@pytest.mark.slow
@pytest.mark.sim("ghdl")
@pytest.mark.parametrize("name", DESIGNS)
def test_every_kind_of_input_one_thing_after_the_other(simulations, name):
    if name == "one":
        pytest.skip("samples of one beat can't be cut in the middle")
    simulations(name).play(*DIRECTED)


PACKETS = -(-10_000 // len(DESIGNS))
"""Packets of each design: 10,000 together."""


@pytest.mark.slow
@pytest.mark.sim("ghdl")
@pytest.mark.parametrize("name", DESIGNS)
def test_ten_thousand_transactions_lose_nothing_and_never_hang(simulations, name, capsys):
    seed = int(os.environ.get("SPIKER_AXI_SEED", "2026"))
    begin = time.perf_counter()
    counts = simulations(name).play(RANDOM, packets=PACKETS, seed=seed)["counts"]
    with capsys.disabled():
        print(f"\nAXI shell, {name}, seed {seed}, {time.perf_counter() - begin:.0f} s: {counts}")
    assert counts["packets"] >= PACKETS
