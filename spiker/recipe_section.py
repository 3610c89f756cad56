"""What all tables of a recipe have in common."""

from inspect import isclass
from typing import TYPE_CHECKING, Any, get_args

from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError
from pydantic_core import PydanticCustomError

from spiker.errors import ConfigError
from spiker.recipe_errors import Sections, one_line

if TYPE_CHECKING:
    from pydantic._internal._model_construction import ModelMetaclass
else:
    ModelMetaclass = type(BaseModel)


class _Checked(ModelMetaclass):
    """Makes tables from Python as the recipe's are made: lists will do, and what is wrong is one line."""

    if not TYPE_CHECKING:  # a type checker knows the keys without

        def __call__(self, *args, **keys):
            # not in __init__, which pydantic would call for tables in tables too, and lose where they are
            try:
                return super().__call__(*args, **with_tuples(keys))
            except ValidationError as error:
                raise ConfigError(f"{self.__name__}: {one_line(error, _tables_of(self))}") from error


class Section(BaseModel, metaclass=_Checked):
    """A table of a recipe: known keys only, no value is converted to another type.

    Raises
    ------
    ConfigError
        Unknown keys or wrong values, all of them in one line.
    """

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


def _two_numbers(value: Any) -> Any:
    if not isinstance(value, tuple) or len(value) != 2:
        raise PydanticCustomError("pair", "Input should be a list of two numbers")
    return value


TWO_NUMBERS = BeforeValidator(_two_numbers)
"""Of a pair: says that it's two that are wanted, where pydantic would ask for a list."""


def smallest_first(pair: tuple[float, float]) -> tuple[float, float]:
    """A pair as it is; another order is refused."""
    if pair[0] > pair[1]:
        raise PydanticCustomError("order", "Input should be the smallest first")
    return pair


def with_tuples(value: Any) -> Any:
    """TOML's or JSON's lists as tuples, which is what a frozen description holds."""
    if isinstance(value, list):
        return tuple(with_tuples(item) for item in value)
    if isinstance(value, dict):
        return {key: with_tuples(item) for key, item in value.items()}
    return value


def _tables_of(table: type[BaseModel]) -> Sections:
    """A table and those in it, for messages that list the known keys."""
    tables: dict[tuple[str, ...], type[BaseModel]] = {(): table}
    for name, field in table.model_fields.items():
        for kind in (field.annotation, *get_args(field.annotation)):
            if isclass(kind) and issubclass(kind, BaseModel):
                tables[(name,)] = kind
    return tables
