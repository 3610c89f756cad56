"""What a proof is."""

from collections.abc import Callable
from dataclasses import dataclass, field

from cosim.proofs.netlist_text import Fault
from cosim.proofs.prover import Problem, Verdict, solve


@dataclass(frozen=True)
class Proof:
    """A claim about a generated design, and faults under which it must not hold.

    Attributes
    ----------
    name, claim : str
    problem : function
        Gives the problem of the design, or of the design with a fault.
    faults : tuple of Fault
    quick : bool
        Whether it takes only seconds, with its faults.
    """

    name: str
    claim: str
    problem: Callable[[Fault | None], Problem]
    faults: tuple[Fault, ...] = field(default=())
    quick: bool = False

    def run(self, fault: Fault | None = None) -> Verdict:
        """Prove it, of the design or of the design with a fault."""
        return solve(self.problem(fault))
