"""What runs inside of the simulator: a shell whose accelerator keeps its state between samples."""

import cocotb
from axi_bench import NETWORK, PACKETS, REG, started
from axi_packets import random_packet

from spiker import run


@cocotb.test()
async def the_state_goes_on_until_a_reset(dut):
    bench = await started(dut)
    assert await bench.read(REG.FEATURES) & REG.FEATURES_KEEP_STATE_MASK
    differ = 0
    for reset in (None, "soft", "hard"):
        if reset == "soft":
            await bench.write(REG.CONTROL, REG.CONTROL_ENABLE_MASK | REG.CONTROL_SOFT_RESET_MASK)
        elif reset == "hard":
            await bench.reset()
            await bench.write(REG.CONTROL, REG.CONTROL_ENABLE_MASK)
        bench.stall()
        states = None
        for _ in range(8):
            # a malformed packet is a sample too
            beats = random_packet(bench.random, PACKETS, 0.3)
            what = PACKETS.meaning(beats)
            bench.send(beats)
            values, marks = await bench.answer()
            golden = run(NETWORK, what.train, states=states)
            states = golden.states
            assert values == [int(golden.label[0]), *golden.scores[0].tolist()]
            assert set(marks) == {int(bool(what.flags))}
            differ += golden.scores.tolist() != run(NETWORK, what.train).scores.tolist()
        bench.flow()
        await bench.drained()
    assert differ > 10
