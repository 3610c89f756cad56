"""The hand-written backpropagation through time is torch's own of a plain loop over the steps."""

from math import log

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from spiker import IF, LI, LIF, CubaLIF
from sw.training import Integers, Reals
from sw.training.neurons import dynamics
from sw.training.sequence import run_sequence
from sw.training.surrogates import Surrogate

SURROGATE = Surrogate("fast_sigmoid", 2.0)
ARITHMETICS = {"integers": Integers(), "reals": Reals()}


class Spike(torch.autograd.Function):
    """A step whose derivative is the surrogate 1 / threshold / (1 + 2 |u|)^2."""

    @staticmethod
    def forward(ctx, membrane, threshold):
        ctx.save_for_backward(membrane, threshold)
        return (membrane > threshold).double()

    @staticmethod
    def backward(ctx, gradient):
        membrane, threshold = ctx.saved_tensors
        scale = threshold.clamp(min=1)
        distance = (membrane - threshold).abs() / scale
        found = gradient / scale / (1 + 2.0 * distance) ** 2
        return found, -found.sum(0) if ctx.needs_input_grad[1] else None


def plain_loop(drive, recurrent, neuron, learned, *, integers):
    """Spikes and membranes by operations that torch differentiates itself."""

    def parameter(name):
        return learned.get(name, getattr(neuron, name))

    two = torch.tensor(2.0, dtype=torch.float64)

    def leaked(state, shift):
        if shift is None:
            return state
        lost = state * two ** -torch.as_tensor(shift)
        if integers:  # rounded, with the gradient of what wasn't
            lost = lost + (lost.floor() - lost).detach()
        return state - lost

    def saturated(state, bits):
        return state.clamp(-(2 ** (bits - 1)), 2 ** (bits - 1) - 1) if integers else state

    membrane = current = spikes = torch.zeros_like(drive[0])
    rows = []
    for total in drive:
        if recurrent is not None:
            total = total + spikes @ recurrent
        if isinstance(neuron, CubaLIF):
            current = saturated(leaked(current, parameter("current_leak_shift")) + total, neuron.current_bits)
            total = current
        shift = None if isinstance(neuron, IF) else parameter("leak_shift")
        membrane = saturated(leaked(membrane, shift) + total, neuron.state_bits)
        spikes = torch.zeros_like(membrane)
        if not isinstance(neuron, LI):
            threshold = torch.as_tensor(parameter("threshold"), dtype=torch.float64)
            spikes = Spike.apply(membrane, threshold)
            if neuron.reset == "subtract":
                membrane = membrane - spikes * threshold
            elif neuron.reset == "zero":
                membrane = membrane * (1 - spikes)
        rows.append((spikes, membrane))
    return tuple(torch.stack(values) for values in zip(*rows, strict=True))


@st.composite
def neurons(draw, size):
    """Neurons whose thresholds and limits the drives below reach."""
    bits = draw(st.integers(4, 7))
    shift = draw(st.integers(1, 3) | st.tuples(*[st.integers(1, 3)] * size))
    if draw(st.integers(0, 3)) == 0:
        return LI(bits, draw(st.none() | st.just(shift)))
    threshold = draw(st.integers(0, 7) | st.tuples(*[st.integers(0, 7)] * size))
    reset = draw(st.sampled_from(["subtract", "zero", "none"]))
    return draw(
        st.sampled_from(
            [
                IF(bits, threshold, reset),
                LIF(bits, threshold, shift, reset),
                CubaLIF(bits, bits, threshold, shift, shift, reset),
            ]
        )
    )


@given(st.data())
@settings(max_examples=200)
@pytest.mark.parametrize("kind", ARITHMETICS)
def test_gradients_are_those_of_a_plain_loop(kind, data):
    steps, samples, size = (data.draw(st.integers(1, top)) for top in (6, 3, 4))
    neuron = data.draw(neurons(size))
    draw = torch.Generator().manual_seed(data.draw(st.integers(0, 2**31)))
    drive = (torch.randn(steps, samples, size, dtype=torch.float64, generator=draw) * 10).round()
    is_recurrent = data.draw(st.booleans()) and not isinstance(neuron, LI)
    recurrent = None
    if is_recurrent:
        recurrent = (torch.randn(size, size, dtype=torch.float64, generator=draw) * 4).round()
    names = [name for name, allowed in neuron.ranges.items() if allowed.value is not None]
    learned = {
        name: torch.as_tensor(getattr(neuron, name), dtype=torch.float64).expand(size).clone()
        for name in data.draw(st.sets(st.sampled_from(names)) if names else st.just(()))
    }
    parameters = [drive, *learned.values()] + ([] if recurrent is None else [recurrent])
    for parameter in parameters:
        parameter.requires_grad_()
    weights = torch.randn(2, steps, samples, size, dtype=torch.float64, generator=draw)
    # a loss may use spikes, membranes, or both
    weights *= torch.tensor(data.draw(st.sampled_from([(1, 1), (1, 0), (0, 1)])))[:, None, None, None]

    expected = plain_loop(drive, recurrent, neuron, learned, integers=kind == "integers")
    got = run_sequence(drive, None, recurrent, dynamics(neuron, SURROGATE, learned), ARITHMETICS[kind])

    for one, other in zip(expected, got, strict=True):
        torch.testing.assert_close(other, one, rtol=0, atol=0)
    used = [number for number in (0, 1) if weights[number].any() and expected[number].requires_grad]
    if not used:  # spikes of a neuron that never fires
        return
    gradients = [
        torch.autograd.grad(
            sum((weights[number] * outputs[number]).sum() for number in used),
            parameters,
            allow_unused=True,
            materialize_grads=True,
        )
        for outputs in (expected, got)
    ]
    for one, other in zip(*gradients, strict=True):
        torch.testing.assert_close(other, one, rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize("neuron", [LI(8), LI(8, leak_shift=(1, 2, 3))])
def test_without_a_threshold_the_gradient_is_the_true_one(neuron):
    draw = torch.Generator().manual_seed(1)
    drive = torch.randn(4, 2, 3, dtype=torch.float64, generator=draw, requires_grad=True)

    def membranes(values):
        return run_sequence(values, None, None, dynamics(neuron, SURROGATE), Reals())[1]

    assert torch.autograd.gradcheck(membranes, (drive,))


def test_a_later_leak_is_what_keeps_more():
    shift = torch.tensor([1.0], dtype=torch.float64, requires_grad=True)
    drive = torch.tensor([[[8.0]], [[0.0]]], dtype=torch.float64)
    plan = dynamics(LI(8, leak_shift=1), SURROGATE, {"leak_shift": shift})
    run_sequence(drive, None, None, plan, Integers())[1][-1].sum().backward()
    # of 8, 8 - 8 / 2^k is left; its derivative is 8 / 2^k ln 2
    assert shift.grad.item() == pytest.approx(4 * log(2))


def test_a_saturated_state_stops_the_gradient():
    drive = torch.tensor([[[7.0, 8.0, -8.0, -9.0]]], requires_grad=True)
    run_sequence(drive, None, None, dynamics(LI(4), SURROGATE), Integers())[1].sum().backward()
    # a state of 4 bits holds -8 to 7
    assert drive.grad.tolist() == [[[1.0, 0.0, 1.0, 0.0]]]


def test_surrogate_at_the_threshold_is_its_reciprocal():
    drive = torch.tensor([[[16.0]]], requires_grad=True)
    run_sequence(drive, None, None, dynamics(IF(threshold=16, reset="none"), SURROGATE), Integers())[
        0
    ].sum().backward()
    # u = 0: 1 / 16 / (1 + 2 * 0)^2
    assert drive.grad.item() == 1 / 16
