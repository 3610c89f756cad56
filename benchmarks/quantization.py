"""How narrow the network of the recipe mnist can be: a table and a picture (docs/quantization.md).

It is trained with real numbers, then searched for the narrowest weights and states, then trained with
weights of 2 bits, and pruned. MNIST lies where SPIKER_DATA says. ``python benchmarks/quantization.py OUT``
"""

import argparse
from dataclasses import replace
from pathlib import Path

from spiker import LI, LIF
from spiker.network import Network
from spiker.network_file import save
from spiker.recipe import load_recipe
from spiker.recipe_training import Training
from sw.data import load
from sw.plots import save_quantization_curve
from sw.quantization import Choices, Quantized, quantize
from sw.training import TrainingResult, train_network

MAX_DROP = 0.005
UNIT = 16
"""Wide integers are so many of the recipe's: 8 bits instead of 4."""


def wide(network: Network) -> Network:
    """The recipe's network with units so small that rounding hardly matters."""
    first, last = network.layers
    assert isinstance(first.neuron, LIF)
    neuron = replace(first.neuron, state_bits=13, threshold=UNIT * first.neuron.threshold)
    return network.with_layers(
        [
            replace(first, neuron=neuron, weight_bits=8, bias_bits=12),
            replace(last, neuron=LI(state_bits=17), weight_bits=8, bias_bits=12),
        ]
    )


def trained_with_real_numbers(epochs: int, seed: int) -> TrainingResult:
    """The recipe mnist with real numbers, without its teacher, 5,000 samples kept aside."""
    recipe, data = load_recipe("mnist"), load("mnist")
    changes = {"float_epochs": epochs, "epochs": 0, "validation": 5000, "teacher": None}
    settings: Training = recipe.training.model_copy(update=changes)
    return train_network(wide(recipe.network(784, 10, data.maximum)), data, settings, seed=seed)


def row(name: str, found: Quantized) -> str:
    """A row of the table."""
    layers = found.network.layers
    weights = ", ".join(str(layer.weight_bits) for layer in layers)
    states = ", ".join(str(layer.neuron.state_bits) for layer in layers)
    density = ", ".join(f"{part:.0%}" for part in found.densities)
    return (
        f"| {name} | {weights} | {states} | {found.memory_bits / 8192:.1f} | {density} "
        f"| {found.validation:.2%} | {found.accuracy:.2%} |"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--float-epochs", type=int, default=16)
    parser.add_argument("--epochs", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    asked.folder.mkdir(parents=True, exist_ok=True)
    before = trained_with_real_numbers(asked.float_epochs, asked.seed)
    save(before.network, asked.folder / "float.h5", before.record)
    data = load("mnist")
    print(
        "| | weights | states | KiB | not 0 | validation | test |\n"
        "| --- | --- | --- | --- | --- | --- | --- |"
    )
    for name, choices in {
        "narrowest, rounded": Choices((2, 8)),
        "narrowest, fine-tuned": Choices((2, 8), epochs=asked.epochs),
        "2 bits, rounded": Choices((2,), search=False),
        "2 bits, fine-tuned": Choices((2,), search=False, epochs=asked.epochs),
        "half of the rows": Choices((4,), search=False, density=0.5, prune="rows", epochs=asked.epochs),
        "a quarter of the weights": Choices((4,), search=False, density=0.25, epochs=asked.epochs),
    }.items():
        found = quantize(before.network, data, choices, before.record, seed=asked.seed)
        save(found.network, asked.folder / f"{name.replace(' ', '-').replace(',', '')}.h5", found.record)
        print(row(name, found), flush=True)
        if choices.search:
            path = asked.folder / f"{name.replace(', ', '-')}.png"
            floor = found.reference - choices.max_drop
            save_quantization_curve(found.curve, path, reference=found.reference, floor=floor)
            print(
                f"| (before: test {found.accuracy_float:.2%}) | | | | | {found.reference:.2%} | |", flush=True
            )


if __name__ == "__main__":
    main()
