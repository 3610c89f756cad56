"""What runs inside of the simulator: an accelerator that starts with another network's weights."""

import re
from dataclasses import replace

import cocotb
from axi_bench import HARDWARE, MASK, NETWORK, REG, expected_answer, sample, started, understood
from cocotb.triggers import ClockCycles

from hw.loading import load_ports, load_sequence, threshold_sequence
from spiker import run


async def load(bench):
    """Load everything by register, each row of weights one after the other."""
    place = None
    for layer, address, lane, value in load_sequence(NETWORK, HARDWARE):
        if (layer, address) != place:
            await bench.write(REG.LOAD_LAYER, layer)
            await bench.write(REG.LOAD_ADDRESS, address)
            await bench.write(REG.LOAD_LANE, lane)
            place = layer, address
        await bench.write(REG.LOAD_VALUE, value & MASK)
    for layer, neuron, value in threshold_sequence(NETWORK, HARDWARE):
        await bench.write(REG.THRESHOLD_LAYER, layer)
        await bench.write(REG.THRESHOLD_NEURON, neuron)
        await bench.write(REG.THRESHOLD_VALUE, value)


@cocotb.test()
async def what_is_loaded_computes(dut):
    bench = await started(dut)
    samples = [sample(bench) for _ in range(8)]
    expected = [expected_answer(understood(beats)) for beats in samples]
    bench.stall()
    before = []
    for beats in samples:
        bench.send(beats)
        before.append((await bench.answer())[0])
    assert before != expected
    bench.flow()
    await bench.drained()
    await load(bench)
    assert await bench.read(REG.ERRORS) & (REG.ERRORS_LOAD_RANGE_MASK | REG.ERRORS_LOAD_BUSY_MASK) == 0
    for beats in samples:
        bench.send(beats)
        await bench.check_answer(understood(beats))


@cocotb.test()
async def nothing_is_loaded_where_there_is_no_weight(dut):
    bench = await started(dut)
    there = {load[:3] for load in load_sequence(NETWORK, HARDWARE)}
    sizes = load_ports(NETWORK, HARDWARE).weights.sizes
    refused = set()
    for layer, size in enumerate(sizes):
        await bench.write(REG.LOAD_LAYER, layer)
        for address in range(size.rows + 2):
            await bench.write(REG.LOAD_ADDRESS, address)
            await bench.write(REG.LOAD_LANE, 0)
            for lane in range(size.lanes + 1):
                await bench.write(REG.LOAD_VALUE, 0)
                errors = await bench.read(REG.ERRORS)
                assert errors == REG.ERRORS_LOAD_RANGE_MASK * ((layer, address, lane) not in there)
                if errors:
                    refused.add((layer, address, lane))
                    await bench.write(REG.ERRORS, MASK)
    # between those that are there as well as behind them
    assert len(refused) > sum(2 * (size.lanes + 1) + size.rows for size in sizes)


class OneValue:
    """The only weight, or the only threshold, of a network with one input and one neuron."""

    def __init__(self, bench):
        self.bench = bench
        (layer,) = NETWORK.layers
        if HARDWARE.load_thresholds:
            self.register, self.lane = REG.THRESHOLD_VALUE, REG.THRESHOLD_NEURON
            layers = {
                value: replace(layer, neuron=replace(layer.neuron, threshold=value)) for value in (1, 7)
            }
        else:
            self.register, self.lane = REG.LOAD_VALUE, REG.LOAD_LANE
            layers = {value: replace(layer, weight=[[value]]) for value in (1, 2)}
        self.networks = {value: NETWORK.with_layers([layer]) for value, layer in layers.items()}
        self.old, self.new = layers

    async def write(self, value):
        await self.bench.write(self.lane, 0)
        await self.bench.write(self.register, value)

    async def write_new(self, delay):
        """In so many cycles, beside what else is going on."""
        await ClockCycles(self.bench.dut.aclk, delay)
        await self.bench.write(self.register, self.new)

    def score(self, value, beats):
        """Of the only class, by the golden model."""
        return run(self.networks[value], understood(beats).train).scores[0].tolist()


@cocotb.test()
async def a_value_counts_for_a_whole_sample_or_is_refused(dut):
    bench = await started(dut)
    one = OneValue(bench)
    beats = next(beats for beats in iter(lambda: sample(bench), None) if understood(beats).train.all())
    old, new = one.score(one.old, beats), one.score(one.new, beats)
    assert old != new
    seen = ""
    for delay in range(32):
        await one.write(one.old)
        await bench.write(one.lane, 0)
        await bench.drained()
        writing = cocotb.start_soon(one.write_new(delay))
        await ClockCycles(dut.aclk, 12)
        bench.send(beats)
        (_, *scores), _ = await bench.answer()
        await writing
        errors = await bench.read(REG.ERRORS) & (REG.ERRORS_LOAD_RANGE_MASK | REG.ERRORS_LOAD_BUSY_MASK)
        bench.send(beats)
        (_, *following), _ = await bench.answer()
        if errors:
            assert (errors, scores, following) == (REG.ERRORS_LOAD_BUSY_MASK, old, old), delay
            seen += "refused "
        else:
            assert scores in (old, new), f"{delay}: {scores}"
            assert following == new, delay
            seen += "before " if scores == new else "after "
        await bench.drained()
        for register in (REG.ERRORS, REG.INTERRUPT_PENDING):
            await bench.write(register, MASK)
    assert re.fullmatch("(before )+(refused )+(after )+", seen), seen
