"""Recipes: a network and its training, described in one TOML file (docs/format.md)."""

import os
import tomllib
from dataclasses import MISSING, fields
from importlib.resources import files
from math import pi
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, Union, get_type_hints

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    FiniteFloat,
    PrivateAttr,
    ValidationError,
    ValidationInfo,
    create_model,
    field_validator,
)
from pydantic_core import PydanticCustomError

from spiker.encoders import ENCODERS, Encoder
from spiker.errors import ConfigError, DesignRuleError
from spiker.input_file import existing_file
from spiker.network import Layer, Network, Readout
from spiker.neurons import NEURONS, Neuron
from spiker.recipe_errors import one_line
from spiker.recipe_section import Section
from spiker.recipe_stdp import STDP_SECTIONS, Stdp

SHIPPED = files("spiker.recipes")
SurrogateName = Literal["fast_sigmoid", "arctan", "triangle"]
ScheduleName = Literal["one_cycle", "linear", "constant"]
Learnable = Literal["threshold", "leak", "step"]
LARGEST_FILE = 2**20
"""Bytes; a recipe is text that somebody wrote."""


class Data(BaseModel):
    """What is learned: the name of a registered data set, and the data set's own keys.

    Which keys it takes only the data set knows: they're checked when it's loaded.
    """

    model_config = ConfigDict(extra="allow", strict=True, frozen=True)

    name: str

    @property
    def options(self) -> dict[str, Any]:
        """The data set's own keys."""
        return dict(self.model_extra or {})


Extent = Annotated[FiniteFloat, Field(ge=0)]


class SpikeAugmentation(Section):
    """How recordings of spikes are varied while training, each sample by its own draws.

    Times are seconds, or steps where the data set's times are steps. Channels are the network's inputs;
    of a camera's, rows and columns alike. What leaves the recording is left out.
    """

    channel_shift: FiniteFloat = Field(0.0, ge=0, le=10_000)
    """Standard deviation of a shift of all events, in channels."""
    channel_jitter: FiniteFloat = Field(0.0, ge=0, le=10_000)
    """Standard deviation of a shift of each event, in channels."""
    time_stretch: FiniteFloat = Field(0.0, ge=0, le=3)
    """Times are multiplied by e^u, u drawn between minus this and this."""
    time_shift: tuple[FiniteFloat, FiniteFloat] = (0.0, 0.0)
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
    pool: int = Field(1, ge=1)
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


class LayerSection(Section):
    """What the layers of all neurons have; the neuron's own parameters come with its registration."""

    neuron: str
    size: int
    weight_bits: int = 4
    recurrent_bits: int | None = None
    bias_bits: int | None = None

    def layer(self) -> Layer:
        """The layer, without weights."""
        model = NEURONS[self.neuron]
        neuron = model(**{field.name: getattr(self, field.name) for field in fields(model)})
        return Layer(self.size, neuron, self.weight_bits, self.recurrent_bits, self.bias_bits)


class EncoderSection(Section):
    """What all encoders have; their own parameters come with their registration."""

    kind: str

    def encoder(self, maximum: int) -> Encoder:
        """The encoder; `maximum` is used where the recipe leaves it out."""
        model = ENCODERS[self.kind]
        values = {field.name: getattr(self, field.name) for field in fields(model)}
        if "maximum" in values and values["maximum"] is None:
            values["maximum"] = maximum
        return model(**values)


def _layer_section(model: type[Neuron]) -> type[LayerSection]:
    section: type[LayerSection] = _section(
        f"Layer_{model.name}", LayerSection, {"neuron": Literal[model.name]}, model
    )
    return section


def _encoder_section(model: type[Encoder]) -> type[EncoderSection]:
    section: type[EncoderSection] = _section(
        f"Encoder_{model.name}", EncoderSection, {"kind": Literal[model.name]}, model
    )
    return section


def _section(name: str, base: Any, tag: dict[str, Any], part: type[Neuron] | type[Encoder]) -> Any:
    """A table with the fields of a registered dataclass; `maximum` may come from the data set."""
    hints = get_type_hints(part)
    keys: dict[str, Any] = {key: (hint, ...) for key, hint in tag.items()}
    for field in fields(part):
        default = ... if field.default is MISSING else field.default
        keys[field.name] = (hints[field.name], default)
    if "maximum" in keys:
        keys["maximum"] = (int | None, None)
    return create_model(name, __base__=base, **keys)


_LAYERS = {name: _layer_section(model) for name, model in NEURONS.items()}
_ENCODERS = {name: _encoder_section(model) for name, model in ENCODERS.items()}

if TYPE_CHECKING:  # a type checker can't see what is registered
    AnyLayer = LayerSection
    AnyEncoder = EncoderSection
else:
    AnyLayer = Annotated[Union[tuple(_LAYERS.values())], Field(discriminator="neuron")]  # noqa: UP007
    AnyEncoder = Annotated[Union[tuple(_ENCODERS.values())], Field(discriminator="kind")]  # noqa: UP007


class Recipe(Section):
    """A network, what it learns and how."""

    data: Data
    steps: int = 8
    readout: Readout = "membrane"
    encoder: AnyEncoder | None = None
    layers: tuple[AnyLayer, ...] = Field(min_length=1)
    training: Training = Training()
    stdp: Stdp | None = None
    """Unsupervised learning by spike timing, instead of `training`."""

    _text: str = PrivateAttr("")
    _subject: str = PrivateAttr("recipe")

    @property
    def subject(self) -> str:
        """What messages call the recipe: its name or its file."""
        return self._subject

    @property
    def text(self) -> str:
        """The TOML that the recipe was read from."""
        return self._text

    def network(self, inputs: int, classes: int, maximum: int) -> Network:
        """The network to be trained.

        Parameters
        ----------
        inputs, classes : int
            Of the data: values of a sample (in a step, if they change in time), and classes; an
            encoder may drive several of the network's inputs with one value.
        maximum : int
            Largest value of the data: the encoder's `maximum` where the recipe names none.

        Raises
        ------
        DesignRuleError
            A parameter is outside its range.
        ConfigError
            The last layer has fewer neurons than there are classes.
        """
        try:
            encoder = None if self.encoder is None else self.encoder.encoder(maximum)
            layers = [section.layer() for section in self.layers]
            if encoder is not None:
                inputs = encoder.inputs_of(inputs)
            network = Network(inputs, self.steps, layers, self.readout, encoder)
        except DesignRuleError as error:
            raise DesignRuleError(error.violations, self._subject) from error
        if network.classes < classes:
            raise ConfigError(
                f"{self._subject}: layers[{len(layers) - 1}].size = {network.classes}, but "
                f"data set {self.data.name!r} has {classes} classes; allowed: {classes} or more"
            )
        return network


SECTIONS: dict[tuple[str, ...], type[BaseModel]] = {
    (): Recipe,
    ("data",): Data,
    ("training",): Training,
    ("training", "augmentation"): Augmentation,
    ("training", "spike_augmentation"): SpikeAugmentation,
    ("training", "teacher"): Teacher,
    **{("stdp", name): section for name, section in STDP_SECTIONS.items()},
    **{("layers", name): section for name, section in _LAYERS.items()},
    **{("encoder", name): section for name, section in _ENCODERS.items()},
}
"""The tables by their place, for messages that list the known keys."""


def recipe_names() -> tuple[str, ...]:
    """Names of the shipped recipes."""
    return tuple(
        sorted(file.name.removesuffix(".toml") for file in SHIPPED.iterdir() if file.name.endswith(".toml"))
    )


def recipe_text(name: str) -> str:
    """TOML of a shipped recipe; a `ConfigError` lists the names where there is none of this name."""
    if name not in recipe_names():
        raise ConfigError(f"unknown recipe {name!r}; shipped: {', '.join(recipe_names())}")
    return (SHIPPED / f"{name}.toml").read_text("utf-8")


def load_recipe(name_or_path: str | Path) -> Recipe:
    """Read a shipped recipe by its name, or a TOML file by its path.

    Raises
    ------
    ConfigError
        No such recipe, or it has wrong keys or values; all of them in one line.
    DesignRuleError
        The network that it describes breaks design rules; all of them.
    """
    if str(name_or_path) in recipe_names():
        return parse_recipe(recipe_text(str(name_or_path)), str(name_or_path))
    return parse_recipe(_read(Path(name_or_path)), str(name_or_path))


def parse_recipe(text: str, subject: str = "recipe") -> Recipe:
    """Read a recipe from TOML text; `subject` names it in messages."""
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{subject} is no TOML: {error}") from error
    except RecursionError as error:
        raise ConfigError(f"{subject} is no TOML: nested too deep") from error
    try:
        recipe = Recipe.model_validate(with_tuples(values))
    except ValidationError as error:
        raise ConfigError(f"{subject}: {one_line(error, SECTIONS)}") from error
    recipe._text, recipe._subject = text, subject
    if recipe.stdp is not None and "training" in recipe.model_fields_set:
        raise ConfigError(f"{subject}: [training] and [stdp] are both there; allowed: one of them")
    # what can be checked before any data is there: with any inputs, and with the mildest maximum
    recipe.network(inputs=1, classes=recipe.layers[-1].size, maximum=65_535)
    return recipe


def _read(path: Path) -> str:
    if path.name and not os.path.lexists(path):
        known = ", ".join(recipe_names())
        raise ConfigError(f"recipe {path} not found; shipped: {known}; or name a TOML file")
    try:
        file = existing_file(path)
        if file.stat().st_size > LARGEST_FILE:
            raise ConfigError(f"{path} has {file.stat().st_size} bytes; allowed: {LARGEST_FILE}")
        return file.read_bytes().decode("utf-8")
    except ConfigError as error:
        raise ConfigError(f"recipe {error}") from error
    except UnicodeDecodeError as error:
        raise ConfigError(f"recipe {path} isn't UTF-8 text (byte {error.start})") from error
    except OSError as error:
        raise ConfigError(f"recipe {path} can't be read: {error.strerror or error}") from error


def with_tuples(value: Any) -> Any:
    """TOML's or JSON's lists as tuples, which is what a frozen description holds."""
    if isinstance(value, list):
        return tuple(with_tuples(item) for item in value)
    if isinstance(value, dict):
        return {key: with_tuples(item) for key, item in value.items()}
    return value
