"""Options that say how a network is built in hardware."""

import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import click

from spiker.cli.options import FILE
from spiker.errors import ConfigError
from spiker.hardware import Hardware
from spiker.hardware_text import load_choices, parse, shown
from spiker.network import Network
from spiker.network_file import load_hardware

Command = Callable[..., Any]


@dataclass(frozen=True)
class Told:
    """A value that an option gives, None too."""

    value: Any


@dataclass(frozen=True)
class HardwareOptions:
    """What the user says about the hardware.

    Attributes
    ----------
    options : mapping
        Choices that options give, by name.
    file : Path or None
        TOML file with others.
    """

    options: Mapping[str, Any] = field(default_factory=dict)
    file: Path | None = None

    def told(self) -> dict[str, Any]:
        """All choices that the user gives: options go before the file."""
        return {**({} if self.file is None else load_choices(self.file)), **self.options}

    def over(self, base: Hardware | None, network: Network, source: str) -> Hardware:
        """The choices for a network: those that the user gives, and `base`, or the defaults, for others.

        `source` says in messages where `base` is from.

        Raises
        ------
        ConfigError
            Values for another number of layers.
        """
        told = self.told()
        hardware = replace(base or Hardware(), **told)
        # an option's name says where it is from
        others = vars(hardware).keys() - self.options
        origins = {name: str(self.file) if name in told else source for name in others}
        hardware.require_fit(len(network.layers), origins)
        return hardware

    def for_network(self, network: Network, network_file: Path) -> Hardware:
        """The choices for the network in a file, over those that the file keeps."""
        return self.over(load_hardware(network_file), network, f"{network_file}: /hardware")


class ChoiceType(click.ParamType[Told]):
    """The text of a choice, checked."""

    def __init__(self, name: str) -> None:
        self.name = name

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Told:
        if isinstance(value, Told):
            return value
        try:
            return Told(parse(self.name, value))
        except ConfigError as error:
            self.fail(str(error), param, ctx)


OPTIONS = {
    "parallelism": ("P", "Neurons of a layer that are computed at a time, or all."),
    "lanes": ("1|2", "Active inputs that a layer adds in a cycle."),
    "schedule": ("event|clock", "Visit the active inputs, or all of them in every step."),
    "weights": ("rom|ram|loadable", "Weights as constants, in RAM with contents, or loaded at run time."),
    "sparse": ("auto|never|rows|blocks", "Leave out rows or blocks of zeros; auto: where that saves memory."),
    "input": ("events|words|encoder", "What comes in: indices, packed spikes, or values to encode."),
    "shell": (
        "none|axi",
        "Plain streams, or AXI4-Stream and AXI4-Lite around them; cosim simulates what is inside.",
    ),
}
"""Metavariable and help of an option, by its choice."""


SWITCHES = {
    "keep_state": "Keep the state from one answer to the next.",
    "load_thresholds": "Let thresholds be changed at run time.",
}
"""Help of an option that is there or isn't, by its choice."""


def hardware_options(command: Command) -> Command:
    """Add the options; the command gets them as `hardware`."""

    @functools.wraps(command)
    def with_hardware(*args: Any, hardware_file: Path | None, **kwargs: Any) -> Any:
        given = {name: kwargs.pop(name) for name in OPTIONS}
        options = {name: told.value for name, told in given.items() if told is not None}
        switched = {name: kwargs.pop(name) for name in SWITCHES}
        options |= {name: value for name, value in switched.items() if value is not None}
        return command(*args, hardware=HardwareOptions(options, hardware_file), **kwargs)

    decorated: Command = with_hardware
    for option in reversed(
        [
            *(
                click.option(f"--{name}", type=ChoiceType(name), metavar=metavar, help=text)
                for name, (metavar, text) in OPTIONS.items()
            ),
            *(
                click.option(f"--{option}/--no-{option}", default=None, help=text)
                for option, text in ((name.replace("_", "-"), text) for name, text in SWITCHES.items())
            ),
            click.option(
                "--hardware",
                "hardware_file",
                type=FILE,
                metavar="FILE.toml",
                help="File with such choices; options go before it, and it before those that NET.h5 keeps.",
            ),
        ]
    ):
        decorated = option(decorated)
    return decorated


def in_words(hardware: Hardware) -> str:
    """The choices that aren't the default."""
    default = Hardware()
    told = [
        f"{name} {shown(value)}" for name, value in vars(hardware).items() if value != getattr(default, name)
    ]
    return "; ".join(told) or "as by default"
