"""The table ``[training]`` of a recipe: how a network is trained (docs/format.md)."""

from math import pi
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, FiniteFloat, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from spiker.design_rules import SIZE
from spiker.network import Readout
from spiker.recipe_section import TWO_NUMBERS, Section, smallest_first

SurrogateName = Literal["fast_sigmoid", "arctan", "triangle"]
ScheduleName = Literal["one_cycle", "linear", "constant"]
Learnable = Literal["threshold", "leak", "step"]
Extent = Annotated[FiniteFloat, Field(ge=0)]
Pair = Annotated[tuple[FiniteFloat, FiniteFloat], TWO_NUMBERS]


class SpikeAugmentation(Section):
    """How recordings of spikes are varied while training, each sample by its own draws.

    Times are seconds, or steps where the data set's times are steps. Channels are the network's inputs;
    of a camera's, rows and columns alike. What leaves the recording is left out.
    """

    channel_shift: FiniteFloat = Field(0.0, ge=0, le=10_000)
    """Standard deviation of a shift of all events, in channels."""
    channel_jitter: FiniteFloat = Field(0.0, ge=0, le=10_000)
    """Standard deviation of a shift of each event, in channels."""
    channel_swap: FiniteFloat = Field(0.0, ge=0, le=10_000)
    """Standard deviation, in channels, by which each moves with all its events; their new order counts."""
    time_stretch: FiniteFloat = Field(0.0, ge=0, le=3)
    """Times are multiplied by e^u, u drawn between minus this and this."""
    time_shift: Annotated[Pair, AfterValidator(smallest_first)] = (0.0, 0.0)
    """Smallest and largest shift of all events; below 0 is earlier."""
    drop: FiniteFloat = Field(0.0, ge=0, lt=1)
    """Largest part of the events that is left out."""
    time_mask: Extent = 0.0
    """Longest time that is masked: its events are left out."""
    channel_mask: int = Field(0, ge=0)
    """Most neighbouring channels that are masked; of a camera a rectangle with sides of up to so many."""


class Augmentation(Section):
    """How pictures are varied while training; each value is the largest deviation to either side."""

    rotation: FiniteFloat = Field(0.0, ge=0, le=pi)
    """Radians."""
    scale: FiniteFloat = Field(0.0, ge=0, lt=1)
    """Part of the picture's size."""
    shift: FiniteFloat = Field(0.0, ge=0, le=1000)
    """Pixels, in both directions."""
    elastic: FiniteFloat = Field(0.0, ge=0, le=1000)
    """Pixels, in both directions, that each of 4 by 4 points over the picture is moved by itself."""


class Teacher(Section):
    """A small convolutional network that learns first, and whose opinions are learned then."""

    epochs: int = Field(8, ge=1)
    """Passes over the training data."""
    batch: int = Field(128, ge=2)
    """Samples an update."""
    rate: FiniteFloat = Field(0.003, gt=0)
    """Highest learning rate."""
    views: int = Field(4, ge=0)
    """Variations of a sample that it's asked about; their mean is the sample's soft label. 0: it's asked
    about every variation that is learned."""
    pool: int = Field(1, ge=1, le=SIZE[1])
    """Neighbouring inputs whose spikes it sees as one value, their mean; pictures stay as they are."""
    weight: FiniteFloat = Field(0.5, gt=0, le=1)
    """Part of the loss that soft labels have; labels have the rest."""
    temperature: FiniteFloat = Field(2.0, gt=0)
    """What the logits of both networks are divided by."""


class Training(Section):
    """How a network is trained."""

    float_epochs: int = Field(0, ge=0)
    """Passes with real numbers at first; they give the float accuracy, and where to start from."""
    epochs: int = Field(20, ge=0)
    """Passes over the training data with the hardware's integer arithmetic; none after float ones only."""
    batch: int = Field(64, ge=1)
    """Samples an update."""
    rate: FiniteFloat = Field(0.03, gt=0)
    """Highest learning rate, as part of the range of a layer's weights."""
    warm_up: FiniteFloat = Field(0.1, ge=0, lt=1)
    """Part of the training in which the rate rises to its highest."""
    schedule: ScheduleName = "one_cycle"
    """How the rate rises and falls."""
    optimizer: str = "Adam"
    """One of torch's, by its name."""
    optimizer_options: dict[str, FiniteFloat | bool | tuple[FiniteFloat, ...]] = Field({})
    """What the optimizer takes beside the rate."""
    loss: Readout | None = None
    """What of the last layer the loss sees; None: what the readout decides by."""
    surrogate: SurrogateName = "fast_sigmoid"
    """Shape of the surrogate gradient around the threshold."""
    surrogate_slope: FiniteFloat = Field(2.0, gt=0)
    """Steepness of the surrogate gradient."""
    input_drop: FiniteFloat = Field(0.0, ge=0, lt=1)
    """Part of the input spikes that is left out at random."""
    hidden_drop: FiniteFloat = Field(0.0, ge=0, lt=1)
    """Part of the hidden neurons that the next layer doesn't hear, drawn for every sample."""
    gradient_norm: FiniteFloat | None = Field(None, gt=0)
    """Largest norm of an update's gradients, of all parameters together; longer ones are shortened."""
    validation: int = Field(0, ge=0)
    """Training samples, the last ones, that are kept aside and only measured."""
    best: bool = False
    """Whether the weights after the epoch that did best on these come out, instead of the last ones."""
    patience: int = Field(0, ge=0)
    """Epochs with integers without a better one, after which the training ends; 0: it goes to its end."""
    spike_target: FiniteFloat | None = Field(None, gt=0)
    """Spikes a sample of all hidden layers together; what is above costs."""
    spike_cost: FiniteFloat = Field(0.1, ge=0)
    """What as many spikes again as the target add to the loss."""
    learn: tuple[Learnable, ...] = ()
    """What is learned too: parameters of the neurons, one a neuron, and the step of a layer's weights."""
    average: FiniteFloat = Field(0.0, ge=0, lt=1)
    """Part of the averaged weights that an update keeps; the averages are what comes out."""
    augmentation: Augmentation | None = None
    """For pictures."""
    spike_augmentation: SpikeAugmentation | None = None
    """For spikes."""
    teacher: Teacher | None = None

    @field_validator("epochs")
    @classmethod
    def _some_epochs(cls, epochs: int, known: ValidationInfo) -> int:
        if epochs < 1 and not known.data.get("float_epochs"):
            raise PydanticCustomError(
                "no_epochs", "Input should be greater than or equal to 1, or 0 with float_epochs"
            )
        return epochs


TRAINING_SECTIONS: dict[str, type[Section]] = {
    "augmentation": Augmentation,
    "spike_augmentation": SpikeAugmentation,
    "teacher": Teacher,
}
"""The tables in it, by their names."""
