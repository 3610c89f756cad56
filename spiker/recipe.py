"""Recipes: a network and its training, described in one TOML file (docs/format.md)."""

import os
from dataclasses import MISSING, fields
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, Union, get_type_hints

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    PrivateAttr,
    ValidationError,
    create_model,
)

from spiker.encoders import ENCODERS, Encoder
from spiker.errors import ConfigError, DesignRuleError
from spiker.network import Layer, Network, Readout
from spiker.neurons import NEURONS, Neuron
from spiker.recipe_errors import one_line
from spiker.recipe_section import Section, with_tuples
from spiker.recipe_stdp import STDP_SECTIONS, Stdp
from spiker.recipe_training import TRAINING_SECTIONS, Training
from spiker.toml_file import toml_table, toml_text

SHIPPED = files("spiker.recipes")
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
    **{("training", name): section for name, section in TRAINING_SECTIONS.items()},
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
    path = Path(name_or_path)
    if path.name and not os.path.lexists(path):
        known = ", ".join(recipe_names())
        raise ConfigError(f"recipe {path} not found; shipped: {known}; or name a TOML file")
    return parse_recipe(toml_text(path, LARGEST_FILE, "recipe"), str(name_or_path))


def parse_recipe(text: str, subject: str = "recipe") -> Recipe:
    """Read a recipe from TOML text; `subject` names it in messages."""
    try:
        recipe = Recipe.model_validate(with_tuples(toml_table(text, subject)))
    except ValidationError as error:
        raise ConfigError(f"{subject}: {one_line(error, SECTIONS)}") from error
    recipe._text, recipe._subject = text, subject
    if recipe.stdp is not None and "training" in recipe.model_fields_set:
        raise ConfigError(f"{subject}: [training] and [stdp] are both there; allowed: one of them")
    # what can be checked before any data is there: with any inputs, and with the mildest maximum
    recipe.network(inputs=1, classes=recipe.layers[-1].size, maximum=65_535)
    return recipe


def load_data_section(path: str | Path) -> Data:
    """Read the ``[data]`` of a TOML file, such as a recipe; the rest of it isn't looked at.

    Raises
    ------
    ConfigError
        No such file, or it has none, or one without a name.
    """
    values = toml_table(toml_text(Path(path), LARGEST_FILE, "file"), str(path))
    if "data" not in values:
        raise ConfigError(f"{path}: data is missing: [data] with the data set's name is required")
    try:
        return Data.model_validate(with_tuples(values["data"]))
    except ValidationError as error:
        raise ConfigError(f"{path}: [data] {one_line(error, {(): Data})}") from error
