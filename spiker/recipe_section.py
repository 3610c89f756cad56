"""What all tables of a recipe have in common."""

from pydantic import BaseModel, ConfigDict


class Section(BaseModel):
    """A table of a recipe: known keys only, no value is converted to another type."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)
