"""The compiled sequence computes what torch's operations compute, to the last bit."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from spiker import IF, LI, LIF, CubaLIF
from sw.training import Integers, Reals, sequence
from sw.training.neurons import dynamics
from sw.training.sequence import run_sequence
from sw.training.surrogates import SHAPES, Surrogate

kernels = pytest.importorskip("sw.training.kernels", reason="numba is not installed")


@st.composite
def neurons(draw, size):
    bits = draw(st.integers(4, 7))
    shift = draw(st.integers(1, 3) | st.tuples(*[st.integers(1, 3)] * size))
    threshold = draw(st.integers(0, 7) | st.tuples(*[st.integers(0, 7)] * size))
    reset = draw(st.sampled_from(["subtract", "zero", "none"]))
    return draw(
        st.sampled_from(
            [
                LI(bits),
                LI(bits, shift),
                IF(bits, threshold, reset),
                LIF(bits, threshold, shift, reset),
                CubaLIF(bits, bits - 1, threshold, shift, shift, reset),
            ]
        )
    )


@given(st.data())
@settings(max_examples=200)
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_outputs_and_gradients_are_equal(dtype, data):
    steps, samples, size = (data.draw(st.integers(1, top)) for top in (6, 3, 20))
    surrogate = Surrogate(data.draw(st.sampled_from(sorted(SHAPES))), data.draw(st.floats(0.5, 9)))
    plan = dynamics(data.draw(neurons(size)), surrogate)
    draw = torch.Generator().manual_seed(data.draw(st.integers(0, 2**31)))
    drive = (torch.randn(steps, samples, size, dtype=dtype, generator=draw) * 10).round().requires_grad_()
    recurrent = None
    if data.draw(st.booleans()):
        recurrent = (torch.randn(size, size, dtype=dtype, generator=draw) * 4).round().requires_grad_()
    bias = None
    if data.draw(st.booleans()):
        bias = (torch.randn(size, dtype=dtype, generator=draw) * 4).round().requires_grad_()
    weights = torch.randn(2, steps, samples, size, dtype=dtype, generator=draw)
    used = data.draw(st.sampled_from([(0, 1), (0,), (1,)]))
    results = []
    for form in (None, kernels):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(sequence, "kernels", form)
            outputs = run_sequence(drive, bias, recurrent, plan, Integers())
        loss = sum((weights[number] * outputs[number]).sum() for number in used)
        parameters = [values for values in (drive, bias, recurrent) if values is not None]
        results.append([*outputs, *torch.autograd.grad(loss, parameters)])
    for one, other in zip(*results, strict=True):
        assert one.dtype == other.dtype
        np.testing.assert_array_equal(other.detach().numpy(), one.detach().numpy())


@pytest.mark.parametrize(
    ("learned", "arithmetic", "fits"),
    [((), Integers(), True), (("threshold",), Integers(), False), ((), Reals(), False)],
)
def test_what_it_has_not_is_left_to_torch(learned, arithmetic, fits):
    plan = dynamics(CubaLIF(), Surrogate("arctan", 2.0), {name: torch.ones(1) for name in learned})
    assert kernels.fits(torch.zeros(1, 1, 1), plan, arithmetic) is fits
