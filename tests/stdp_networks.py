"""Small networks that learn by spike timing."""

from spiker import IF, LI, LIF, CubaLIF, Latency, Layer, Network, Rate
from spiker.recipe import parse_recipe

LEARNING = {
    "if": IF(threshold=20, reset="zero", state_bits=10),
    "lif": LIF(threshold=20, leak_shift=3, reset="zero", state_bits=10),
    "cubalif": CubaLIF(
        threshold=60, leak_shift=6, current_leak_shift=5, reset="zero", state_bits=12, current_bits=11
    ),
}


def network(neuron="lif", *, size=9, steps=10, latency=False):
    """For `SmallData`: 12 values of 0 to 15, 3 classes."""
    encoder = Latency(maximum=15, threshold=3) if latency else Rate(maximum=30, seed=1)
    layers = [Layer(size, LEARNING[neuron], recurrent_bits=8), Layer(3, LI(state_bits=10))]
    return Network(12, steps, layers, encoder=encoder)


TOML = """
steps = 10
data = {name = "small"}
encoder = {kind = "rate", maximum = 30}

[[layers]]
size = 9
neuron = "lif"
recurrent_bits = 8
state_bits = 10
threshold = 20
leak_shift = 3
reset = "zero"

[[layers]]
size = 3
neuron = "li"
state_bits = 10

[stdp]
rule = "competition"
passes = 3
inhibition = 60
part = 40
theta_plus = 1.0
learners = 1
spikes = 3.0
rate = [0.2, 0.02]
"""

DIEHL_COOK = (
    TOML[: TOML.index("[stdp]")].replace("steps = 10", "steps = 35").replace("= 30", "= 24")
    + """
[stdp]
rule = "diehl_cook"
inhibition = 60
part = 40
weight_ee_input = 6.0
dt = 1.0
least_spikes = 2
"""
)


def recipe(text=TOML, **changes):
    """A recipe with other lines ``key = value``."""
    for key, value in changes.items():
        lines = [f"{key} = {value}" if line.startswith(f"{key} =") else line for line in text.split("\n")]
        text = "\n".join(lines)
    return parse_recipe(text)
