"""A recipe's training, and what an earlier one left in a file."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from spiker.errors import SpikerError
from spiker.network_file import load, load_training

if TYPE_CHECKING:
    from spiker.recipe import Recipe
    from sw.data import Dataset
    from sw.training_result import TrainingResult

MOST_DIFFERENCES = 4
"""That a note names."""


@dataclass(frozen=True)
class RecipeTraining:
    """What is trained, and so what file is its own."""

    recipe: "Recipe"
    data: "Dataset"
    seed: int
    epochs: int | None

    def finished(self, output: Path) -> "TrainingResult | None":
        """What a file that this very training wrote says; None where there is none."""
        from sw.identity import is_outcome

        package = learning(self.recipe)
        try:
            network, record = load(output), load_training(output)
            settings = package.settings_of(self.recipe, self.epochs)
            if not is_outcome(network, record, self.recipe, self.data, settings, self.seed):
                return None
            result: TrainingResult = package.Result(
                network,
                record["accuracy"],
                record.get("accuracy_float"),
                record["epochs"],
                0.0,
                dict(record["curve"]),
                record,
            )
            return result
        except (SpikerError, KeyError):  # something else lies there, and is replaced as it would be without
            return None

    def other_than(self, output: Path) -> str:
        """What a file is that this training didn't write, to follow the file's name."""
        from sw.identity import differences

        try:
            record = load_training(output)
        except SpikerError:
            record = {}
        if "identity" not in record:
            return "is no outcome of a training"
        settings = learning(self.recipe).settings_of(self.recipe, self.epochs)
        found = differences(record, self.data, settings, self.seed)
        # where all that is said of them is the same, other samples lie in the files, or other layers learned
        named = "; ".join(found[:MOST_DIFFERENCES]) or "other samples, or another network"
        more = f"; and {len(found) - MOST_DIFFERENCES} more" if len(found) > MOST_DIFFERENCES else ""
        return f"is the outcome of another training ({named}{more})"


def learning(recipe: "Recipe") -> Any:
    """The package that learns what a recipe describes; both have `train`, `settings_of` and `Result`."""
    if recipe.stdp is not None:
        import sw.stdp

        return sw.stdp
    import sw.training

    return sw.training
