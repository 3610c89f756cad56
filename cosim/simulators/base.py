"""What every simulator promises."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from cosim.loading import Loading
from cosim.observation import Record
from spiker.errors import MismatchError
from spiker.fixed_point import IntArray
from spiker.hardware import Hardware
from spiker.network import Network
from spiker.spikes import Spikes
from spiker.timing import rest_cycles

QUIET_CYCLES = 64
"""Cycles after the last answer in which nothing more may come out."""


@dataclass(frozen=True, eq=False)
class Task:
    """What a simulator is to do.

    Attributes
    ----------
    network : Network
    hardware : Hardware
    spikes : 0/1, shape (samples, steps, inputs)
    limits : integers, shape (samples,)
        Cycles after which a sample without an answer is given up; waits of the bench don't count.
    internals : bool
        Whether to look inside the layers.
    stall : float
        Chance of a wait at both ends, each cycle. With waits, samples follow one another without a
        pause; without, a sample begins when the answer before it is complete and all is at rest.
    seed : int
        Seed of the waits.
    folder : Path or None
        The VHDL to simulate, with its manifest; None where the simulator takes the MyHDL itself.
    tell : callable
        Told now and then how many samples are answered.
    packed : integers, shape (samples, beats), or None
        Words or values that the accelerator takes instead of events.
    loading : Loading or None
        What is loaded, and when; without it the design is the network's and nothing is loaded.
    """

    network: Network
    hardware: Hardware
    spikes: Spikes
    limits: IntArray
    internals: bool
    stall: float
    seed: int
    folder: Path | None = None
    tell: Callable[[int], None] = lambda answered: None
    packed: IntArray | None = None
    loading: Loading | None = None

    @property
    def start(self) -> Network:
        """The network that the design is made from."""
        return self.network if self.loading is None else self.loading.start

    @property
    def load_at(self) -> int:
        """The sample before which something is loaded; behind the last one where nothing is."""
        return len(self.spikes) if self.loading is None else self.loading.at

    @property
    def lanes(self) -> int:
        """Indices that the accelerator takes in a beat."""
        layer = self.network.layers[0]
        return self.hardware.of_layer(0, layer.size).lanes

    @property
    def pause(self) -> int:
        """Cycles before a sample in which nothing is offered."""
        return 0 if self.stall else rest_cycles(self.network, self.hardware)


class Simulator(ABC):
    """Runs a bench around an accelerator and tells what it sees.

    Attributes
    ----------
    name : str
    reads_vhdl : bool
        Whether it runs the converted files (`Task.folder`).
    """

    name: ClassVar[str]
    reads_vhdl: ClassVar[bool]

    @abstractmethod
    def run(self, task: Task) -> Record:
        """Simulate; a design that doesn't compile or gives no answer is a failure in the record.

        Raises
        ------
        ToolNotFoundError
            The simulator isn't installed.
        """


def gives_no_answer(sample: int, cycles: int) -> MismatchError:
    """A sample's answer didn't come."""
    return MismatchError(f"sample {sample}: no answer after {cycles} cycles", sample=sample)


def seconds_allowed(task: Task) -> float:
    """Time for a sample, after which a simulator that doesn't even count cycles any more is stopped."""
    neurons = sum(layer.size for layer in task.network.layers)
    cycles = float(task.limits.max()) / (1 - task.stall) ** 2
    cycles += 0 if task.loading is None else task.loading.cycles
    return 60 + cycles * (1e-3 + 4e-5 * neurons)
