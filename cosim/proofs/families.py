"""All proofs: one family, one line."""

from collections.abc import Callable, Iterator

from cosim.proofs import handshakes, neurons, shell
from cosim.proofs.proof import Proof
from spiker.registry import Registry

FAMILIES: Registry[Callable[[], Iterator[Proof]]] = Registry(
    "family of proofs",
    {"neurons": neurons.proofs, "streams": handshakes.proofs, "shell": shell.proofs},
)
"""Functions that give the proofs of a family."""


def all_proofs() -> list[Proof]:
    """Every proof of every family."""
    return [proof for family in FAMILIES.values() for proof in family()]
