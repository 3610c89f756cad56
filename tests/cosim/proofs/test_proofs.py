"""Proofs hold of the generated design, and no longer where it's broken on purpose."""

import pytest

from cosim.proofs.families import FAMILIES, all_proofs

PROOFS = {proof.name: proof for proof in all_proofs()}

# a neuron of each kind of register, and every stream
QUICK = (
    "lif subtract, 4 bits",
    "operations of lif, 4 bits",
    "serializer, three words by pass",
    "merge of own events",
    "readout, 3 classes",
    "control, hidden layer",
    "control, blocks left out",
    "packets of words",
)


def test_every_family_has_proofs_whose_names_differ():
    assert sum(1 for family in FAMILIES.values() for _ in family()) == len(PROOFS)


@pytest.mark.sim("ghdl", "yosys", "z3")
@pytest.mark.parametrize("name", QUICK)
def test_a_proof_holds_and_fails_with_its_first_fault(name):
    proof = PROOFS[name]
    assert proof.run().holds
    assert not proof.run(proof.faults[0]).holds


@pytest.mark.slow
@pytest.mark.sim("ghdl", "yosys", "z3")
@pytest.mark.parametrize("name", PROOFS)
def test_every_proof_holds_and_fails_with_each_of_its_faults(name):
    proof = PROOFS[name]
    assert proof.run().holds
    uncaught = [fault.name for fault in proof.faults if proof.run(fault).holds]
    assert uncaught == []
