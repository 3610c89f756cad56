"""What runs inside of the simulator: cocotb's tests of what a shell may have, around a stand-in."""

import cocotb
from axi_bench import MASK, NETWORK, REG, sample, started
from axi_stub import TALLY_BITS, THRESHOLDS, WEIGHTS
from cocotb.triggers import ClockCycles, RisingEdge


async def started_quietly(dut):
    """A bench after its reset, enabled; no layer spikes."""
    show(dut, [0] * len(TALLY_BITS))
    return await started(dut)


def show(dut, spikes):
    """Spikes of each layer in this cycle."""
    for layer, count in enumerate(spikes):
        getattr(dut, f"spikes{layer}").value = count


async def receive(dut, prefix, names, seen):
    """Collects what is loaded."""
    while True:
        await RisingEdge(dut.aclk)
        if getattr(dut, f"{prefix}_valid").value == 1:
            values = {name: int(getattr(dut, f"{prefix}_{name}").value) for name in names}
            values["value"] = getattr(dut, f"{prefix}_value").value.to_signed()
            seen.append(tuple(values[name] for name in (*names, "value")))


def fits(layer, address, lane):
    """Whether the stand-in has such a weight."""
    if layer == 3:
        row, turn = divmod(address, 4)
        return row < 11 and turn < 3 and lane < (1 if turn == 2 else 2)
    return address < WEIGHTS[layer].rows and lane < WEIGHTS[layer].lanes


@cocotb.test()
async def weights_are_loaded_where_they_fit(dut):
    bench = await started_quietly(dut)
    seen, expected = [], []
    cocotb.start_soon(receive(dut, "load", ("layer", "address", "lane"), seen))
    for layer, size in enumerate(WEIGHTS):
        await bench.write(REG.LOAD_LAYER, layer)
        for address in (0, 2, 3, max(size.rows - 1, 0), size.rows):
            await bench.write(REG.LOAD_ADDRESS, address)
            first = max(size.lanes - 3, 0)
            await bench.write(REG.LOAD_LANE, first)
            limit = 1 << (size.bits - 1)
            # the lane counts up; then the values' limits
            for lane, value in enumerate([limit - 1, -limit, 0, 1], first):
                await bench.write(REG.LOAD_VALUE, value & MASK)
                expected += [(layer, address, lane, value)] * fits(layer, address, lane)
            for value in (limit, -limit - 1, 1 << 30):
                await bench.write(REG.LOAD_LANE, 0)
                await bench.write(REG.LOAD_VALUE, value & MASK)
    await bench.write(REG.LOAD_LAYER, len(WEIGHTS))
    await bench.write(REG.LOAD_LANE, 0)
    await bench.write(REG.LOAD_VALUE, 0)
    await ClockCycles(dut.aclk, 3)
    assert seen == expected
    assert len(expected) > 8
    assert await bench.read(REG.ERRORS) == REG.ERRORS_LOAD_RANGE_MASK


@cocotb.test()
async def bytes_are_written_one_by_one(dut):
    bench = await started_quietly(dut)
    await bench.write(REG.LOAD_ADDRESS, 0x112233)
    for byte, expected in ((1, 0x11AA33), (2, 0xAAAA33), (0, 0xAAAAAA)):
        await bench.write(REG.LOAD_ADDRESS + byte, 0xAA, size=1)
        assert await bench.read(REG.LOAD_ADDRESS) == expected


@cocotb.test()
async def thresholds_are_set_where_they_fit(dut):
    bench = await started_quietly(dut)
    seen = []
    cocotb.start_soon(receive(dut, "threshold", ("layer", "neuron"), seen))
    size = THRESHOLDS[0]
    await bench.write(REG.THRESHOLD_LAYER, 0)
    await bench.write(REG.THRESHOLD_NEURON, size.lanes - 2)
    for value in (0, 31, 7):
        await bench.write(REG.THRESHOLD_VALUE, value)
    assert seen == [(0, 38, 0), (0, 39, 31)]
    await bench.write(REG.ERRORS, MASK)
    for layer, value in ((0, 32), (0, -1), (1, 0), (2, 0), (3, 0)):
        await bench.write(REG.THRESHOLD_LAYER, layer)
        await bench.write(REG.THRESHOLD_NEURON, 0)
        assert await bench.read(REG.ERRORS) == 0
        await bench.write(REG.THRESHOLD_VALUE, value & MASK)
        assert await bench.read(REG.ERRORS) == REG.ERRORS_LOAD_RANGE_MASK
        await bench.write(REG.ERRORS, MASK)
    assert len(seen) == 2


@cocotb.test()
async def nothing_is_loaded_into_a_sample(dut):
    bench = await started_quietly(dut)
    seen = []
    cocotb.start_soon(receive(dut, "load", ("layer", "address", "lane"), seen))
    cocotb.start_soon(receive(dut, "threshold", ("layer", "neuron"), seen))
    bench.source.set_pause_generator(iter([*[False] * 3, *[True] * 200, False]))
    bench.send(sample(bench))
    await ClockCycles(dut.aclk, 20)
    assert await bench.read(REG.STATUS) & REG.STATUS_BUSY_MASK
    await bench.write(REG.LOAD_VALUE, 1)
    await bench.write(REG.THRESHOLD_VALUE, 1)
    assert await bench.read(REG.ERRORS) == REG.ERRORS_LOAD_BUSY_MASK
    assert await bench.read(REG.INTERRUPT_PENDING) == REG.INTERRUPT_PENDING_ERROR_MASK
    values, _ = await bench.answer()
    assert values[0] == NETWORK.steps
    await bench.drained()
    assert seen == []
    await bench.write(REG.LOAD_LANE, 5)
    await bench.write(REG.LOAD_VALUE, 1)
    await ClockCycles(dut.aclk, 3)
    assert seen == [(0, 0, 5, 1)]


@cocotb.test()
async def spikes_are_counted_layer_by_layer(dut):
    bench = await started_quietly(dut)
    counts = [0] * len(TALLY_BITS)
    for _ in range(200):
        spikes = [bench.random.getrandbits(bits) for bits in TALLY_BITS]
        show(dut, spikes)
        await RisingEdge(dut.aclk)
        counts = [count + more for count, more in zip(counts, spikes, strict=True)]
    show(dut, [0] * len(TALLY_BITS))
    await ClockCycles(dut.aclk, 2)
    assert [await bench.read(REG.SPIKES0 + 4 * layer) for layer in range(len(TALLY_BITS))] == counts
    assert (await bench.read(REG.FEATURES) & REG.FEATURES_LAYERS_MASK) >> REG.FEATURES_LAYERS_SHIFT == 3
