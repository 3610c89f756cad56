"""The table ``[stdp]`` of a recipe: unsupervised learning by spike timing (docs/stdp.md)."""

from typing import Annotated, Literal

from pydantic import Field, FiniteFloat

from spiker.recipe_section import Section

VotesName = Literal["least_squares", "shares", "labels"]
Positive = Annotated[FiniteFloat, Field(gt=0)]
NotNegative = Annotated[FiniteFloat, Field(ge=0)]
Part = Annotated[FiniteFloat, Field(ge=0, le=1)]
Rate = Annotated[FiniteFloat, Field(gt=0, le=1)]


class StdpSection(Section):
    """What both rules have."""

    passes: int = Field(1, ge=1)
    """Passes over the training data."""
    inhibition: int = Field(500, ge=1, le=2**15)
    """What a spike takes from all other neurons of the layer, one step later."""
    votes: VotesName = "least_squares"
    """How the neurons' votes for the classes are found after the learning."""
    validation: int = Field(0, ge=0)
    """Training samples, the last ones, that are kept aside and only measured."""
    part: int = Field(5000, ge=1)
    """Samples after which progress is measured and the checkpoint is written."""


class Competition(StdpSection):
    """Competitive learning with homeostasis, with the hardware's own dynamics in the loop."""

    rule: Literal["competition"]
    rate: tuple[Rate, Rate] = (0.05, 0.002)
    """How far a spike takes the weights to the inputs' trace, at the beginning and at the end."""
    window: int = Field(20, ge=1)
    """Steps that an input's spike stays in its trace."""
    learners: int = Field(4, ge=1)
    """Most neurons that learn in a step: those furthest above their thresholds."""
    theta_plus: Positive = 4.0
    """What a spike adds to the neuron's threshold."""
    spikes: Positive = 10.0
    """Spikes a sample of the whole layer, to which the thresholds are led."""
    start: Part = 0.3
    """Weights start at random from 0 to this part of the highest."""


class DiehlCook(StdpSection):
    """The network of Diehl and Cook, with its published names, equations and values.

    Times are milliseconds, voltages millivolts.
    """

    rule: Literal["diehl_cook"]
    dt: Positive = 0.5
    """Step of the simulation."""
    single_example_time: Positive = 350.0
    """How long a sample is shown."""
    resting_time: NotNegative = 150.0
    """Without input after each sample."""
    input_intensity: Positive = 2.0
    """Spikes a second of an input are value / 8 times this (values of 0 to 255)."""
    least_spikes: int = Field(5, ge=0)
    """A sample that gives fewer is shown again, with the intensity one higher."""
    nu_ee_pre: NotNegative = 0.0001
    """Learning rate of an input's spike, which lowers weights."""
    nu_ee_post: NotNegative = 0.01
    """Learning rate of a neuron's spike, which raises weights."""
    tc_pre_ee: Positive = 20.0
    """Time constant of an input's trace, x_pre."""
    tc_post_1_ee: Positive = 20.0
    """Time constant of a neuron's fast trace."""
    tc_post_2_ee: Positive = 40.0
    """Time constant of a neuron's slow trace."""
    weight_ee_input: Positive = 78.0
    """What the weights of a neuron sum up to: normalized before each sample."""
    theta_plus_e: NotNegative = 0.05
    """What a spike adds to the neuron's threshold."""
    tc_theta: Positive = 1e7
    """Time constant of that."""
    weight_ei: Positive = 10.4
    """From an excitatory neuron to its inhibitory one."""
    weight_ie: Positive = 17.0
    """From an inhibitory neuron to all excitatory ones but its own."""


Stdp = Annotated[Competition | DiehlCook, Field(discriminator="rule")]
STDP_SECTIONS: dict[str, type[Section]] = {"competition": Competition, "diehl_cook": DiehlCook}
