"""The table ``[stdp]`` of a recipe: unsupervised learning by spike timing (docs/stdp.md)."""

from typing import Annotated, Literal

from pydantic import Field, FiniteFloat, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from spiker.recipe_section import TWO_NUMBERS, Section

VotesName = Literal["least_squares", "shares", "labels"]

MOST = 10**9
"""Of samples, passes and the like."""
LARGEST_SIZE = 2**24
"""Of a layer, and most steps of a sample (docs/contract.md)."""
UNIT = 2.0**-16
"""What competition's weights and thresholds are counted in."""
LONGEST = 1e12
"""Time constants, in milliseconds."""
MOST_STEPS = 2**16
"""Of the simulation: random numbers for all of them lie in memory at a time."""

Part = Annotated[FiniteFloat, Field(ge=0, le=1)]
Rate = Annotated[FiniteFloat, Field(ge=UNIT, le=1)]
TimeConstant = Annotated[FiniteFloat, Field(gt=0, le=LONGEST)]
Conductance = Annotated[FiniteFloat, Field(gt=0, le=10_000)]


class StdpSection(Section):
    """What both rules have."""

    passes: int = Field(1, ge=1, le=MOST)
    """Passes over the training data."""
    inhibition: int = Field(500, ge=1, le=2**15)
    """What a spike takes from all other neurons of the layer, one step later."""
    votes: VotesName = "least_squares"
    """How the neurons' votes for the classes are found after the learning."""
    validation: int = Field(0, ge=0, le=MOST)
    """Training samples, the last ones, that are kept aside and only measured."""
    part: int = Field(5000, ge=1, le=MOST)
    """Samples after which progress is measured and the checkpoint is written."""


class Competition(StdpSection):
    """Competitive learning with homeostasis, with the hardware's own dynamics in the loop."""

    rule: Literal["competition"]
    rate: Annotated[tuple[Rate, Rate], TWO_NUMBERS] = (0.05, 0.002)
    """How far a spike takes the weights to the inputs' trace, at the beginning and at the end."""
    window: int = Field(20, ge=1, le=LARGEST_SIZE)
    """Steps that an input's spike stays in its trace."""
    learners: int = Field(4, ge=1, le=LARGEST_SIZE)
    """Most neurons that learn in a step: those furthest above their thresholds."""
    theta_plus: FiniteFloat = Field(4.0, ge=UNIT, le=2**23)
    """What a spike adds to the neuron's threshold."""
    spikes: FiniteFloat = Field(10.0, gt=0, le=2**20)
    """Spikes a sample of the whole layer, to which the thresholds are led."""
    start: Part = 0.3
    """Weights start at random from 0 to this part of the highest."""


class DiehlCook(StdpSection):
    """The network of Diehl and Cook, with its published names, equations and values.

    Times are milliseconds, voltages millivolts.
    """

    rule: Literal["diehl_cook"]
    dt: FiniteFloat = Field(0.5, ge=0.001, le=10)
    """Step of the simulation."""
    single_example_time: FiniteFloat = Field(350.0, validate_default=True)
    """How long a sample is shown."""
    resting_time: FiniteFloat = Field(150.0, validate_default=True)
    """Without input after each sample."""
    input_intensity: FiniteFloat = Field(2.0, gt=0, le=1_000_000)
    """Spikes a second of an input are value / 8 times this (values of 0 to 255)."""
    least_spikes: int = Field(5, ge=0, le=MOST)
    """A sample that gives fewer is shown again, with the intensity one higher."""
    nu_ee_pre: Part = 0.0001
    """Learning rate of an input's spike, which lowers weights."""
    nu_ee_post: Part = 0.01
    """Learning rate of a neuron's spike, which raises weights."""
    tc_pre_ee: TimeConstant = 20.0
    """Time constant of an input's trace, x_pre."""
    tc_post_1_ee: TimeConstant = 20.0
    """Time constant of a neuron's fast trace."""
    tc_post_2_ee: TimeConstant = 40.0
    """Time constant of a neuron's slow trace."""
    weight_ee_input: FiniteFloat = Field(78.0, gt=0, le=LARGEST_SIZE)
    """What the weights of a neuron sum up to: normalized before each sample."""
    theta_plus_e: FiniteFloat = Field(0.05, ge=0, le=1000)
    """What a spike adds to the neuron's threshold."""
    tc_theta: TimeConstant = 1e7
    """Time constant of that."""
    weight_ei: Conductance = 10.4
    """From an excitatory neuron to its inhibitory one."""
    weight_ie: Conductance = 17.0
    """From an inhibitory neuron to all excitatory ones but its own."""

    @field_validator("single_example_time")
    @classmethod
    def _some_steps(cls, time: float, known: ValidationInfo) -> float:
        return _within(time, 1, known)

    @field_validator("resting_time")
    @classmethod
    def _any_steps(cls, time: float, known: ValidationInfo) -> float:
        return _within(time, 0, known)


def _within(time: float, fewest: int, known: ValidationInfo) -> float:
    """A time of a number of steps that can be simulated."""
    dt = known.data.get("dt")  # missing where it's wrong itself
    if dt is None or fewest * dt <= time <= MOST_STEPS * dt:
        return time
    raise PydanticCustomError(
        "steps",
        "Input should be {low} to {high} (dt = {dt}, {fewest} to {most} steps of it)",
        {"low": fewest * dt, "high": MOST_STEPS * dt, "dt": dt, "fewest": fewest, "most": MOST_STEPS},
    )


Stdp = Annotated[Competition | DiehlCook, Field(discriminator="rule")]
STDP_SECTIONS: dict[str, type[Section]] = {"competition": Competition, "diehl_cook": DiehlCook}
