"""What runs inside of the simulator: an accelerator that starts with another network's weights."""

import cocotb
from axi_bench import HARDWARE, MASK, NETWORK, REG, expected_answer, sample, started, understood

from hw.loading import load_ports, load_sequence, threshold_sequence


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
