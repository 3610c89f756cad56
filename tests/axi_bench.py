"""What runs inside of the simulator: cocotb's tests of the shell, with an independent AXI master and slave.

Started by `axi_simulation.py`; not collected by pytest.
"""

import itertools
import json
import os
import random
from collections import Counter
from contextlib import suppress
from pathlib import Path

import cocotb
import numpy as np
from axi_packets import packets_of, random_packet
from cocotb.clock import Clock
from cocotb.triggers import ClockCycles, FallingEdge, RisingEdge, with_timeout
from cocotbext.axi import (
    AxiLiteBus,
    AxiLiteMaster,
    AxiResp,
    AxiStreamBus,
    AxiStreamFrame,
    AxiStreamSink,
    AxiStreamSource,
)

from spiker import load, run
from spiker.hardware import Hardware
from spiker.timing import cycles

SETTINGS = json.loads(os.environ["SPIKER_AXI_SETTINGS"])
MASK = 0xFFFFFFFF
PERIOD_NS = 10


def registers_module():
    """The Python module of the design, as a driver would use it."""
    names = {}
    exec(Path(SETTINGS["registers"]).read_text(), names)
    return type("Registers", (), names)


REG = registers_module()
NETWORK = load(SETTINGS["network"])
HARDWARE = Hardware(**SETTINGS["hardware"])
PACKETS = packets_of(NETWORK, HARDWARE)
DECIDES_EARLY = NETWORK.readout == "first_spike"
"""Whether an answer may come before its packet's end, and before what is wrong with it."""


class Flushed(Exception):  # noqa: N818 - not an error
    """A hard reset ended a transaction of the bus."""


class Bench:
    """The design between master, source and sink."""

    def __init__(self, dut, seed):
        self.dut = dut
        self.random = random.Random(seed)
        self.counts = Counter()
        self.resets = 0
        cocotb.start_soon(Clock(dut.aclk, PERIOD_NS, unit="ns").start())
        for vector in ("s_axi_awprot", "s_axi_arprot"):
            getattr(dut, vector).value = 0
        dut.aresetn.value = 0
        reset = {"reset": dut.aresetn, "reset_active_level": False}
        self.master = AxiLiteMaster(AxiLiteBus.from_prefix(dut, "s_axi"), dut.aclk, **reset)
        word = {"byte_lanes": 1}
        self.source = AxiStreamSource(AxiStreamBus.from_prefix(dut, "s_axis"), dut.aclk, **reset, **word)
        self.sink = AxiStreamSink(AxiStreamBus.from_prefix(dut, "m_axis"), dut.aclk, **reset, **word)
        for each in (self.source, self.sink, self.master.write_if, self.master.read_if):
            each.log.setLevel("ERROR")
        for prefix, valid, payload in (
            ("m_axis", "tvalid", ("tdata", "tlast", "tuser")),
            ("s_axi", "bvalid", ("bresp",)),
            ("s_axi", "rvalid", ("rdata", "rresp")),
        ):
            cocotb.start_soon(self._stays_offered(prefix, valid, payload))

    async def _stays_offered(self, prefix, valid, payload):
        """What is offered stays, unchanged, until it's taken; only a reset takes it back."""
        names = [getattr(self.dut, f"{prefix}_{name}") for name in payload]
        ready = getattr(self.dut, f"{prefix}_{valid.replace('valid', 'ready')}")
        valid = getattr(self.dut, f"{prefix}_{valid}")
        before = None
        while True:
            await RisingEdge(self.dut.aclk)
            if not self.dut.aresetn.value:
                before = None
                continue
            offered = [str(signal.value) for signal in names] if valid.value else None
            if before is not None:
                assert offered == before, f"{prefix}: {before} was offered, not taken, and became {offered}"
            before = offered if offered is not None and not ready.value else None

    def _stall_channels(self):
        write, read = self.master.write_if, self.master.read_if
        return (
            *(self.source, self.sink, write.aw_channel, write.w_channel, write.b_channel),
            *(read.ar_channel, read.r_channel),
        )

    def stall(self):
        """Every channel waits at random from now on, each in its own way."""
        for channel in self._stall_channels():
            share = self.random.choice([0, 0.1, 0.5, 0.9])
            channel.set_pause_generator(self._pauses(random.Random(self.random.random()), share))

    @staticmethod
    def _pauses(chance, share):
        return (chance.random() < share for _ in itertools.count())

    def flow(self):
        """No channel waits."""
        for channel in self._stall_channels():
            channel.clear_pause_generator()
            channel.pause = False

    async def reset(self):
        """Hard reset, at any time."""
        self.resets += 1
        await FallingEdge(self.dut.aclk)
        self.dut.aresetn.value = 0
        self.source.clear()
        self.sink.clear()
        await ClockCycles(self.dut.aclk, self.random.randint(1, 4))
        await FallingEdge(self.dut.aclk)
        self.dut.aresetn.value = 1
        await RisingEdge(self.dut.aclk)
        await FallingEdge(self.dut.aclk)
        self.source.clear()
        self.sink.clear()

    async def read(self, address, expected=AxiResp.OKAY):
        """Read a word; the response must be the expected one."""
        answer = await with_timeout(self.master.read(address, 4), 50, "us")
        if answer is None:
            raise Flushed
        self.counts["reads"] += 1
        assert answer.resp == expected, f"read of {address:#x}: {answer.resp}"
        return int.from_bytes(answer.data, "little")

    async def write(self, address, value, expected=AxiResp.OKAY, size=4):
        """Write a word, or its lower bytes."""
        answer = await with_timeout(self.master.write(address, value.to_bytes(size, "little")), 50, "us")
        if answer is None:
            raise Flushed
        self.counts["writes"] += 1
        assert answer.resp == expected, f"write of {address:#x}: {answer.resp}"

    def send(self, beats):
        """Queue a packet."""
        self.source.send_nowait(AxiStreamFrame(tdata=list(beats)))
        self.counts["packets"] += 1

    async def answer(self):
        """The next answer: values as signed integers, and whether each beat was marked as malformed."""
        frame = await with_timeout(self.sink.recv(compact=False), 200, "us")
        self.counts["answers"] += 1
        return [value - (1 << 32) if value >> 31 else value for value in frame.tdata], frame.tuser

    async def drained(self):
        """Wait until nothing is on its way."""
        # a beat in ten cycles, eight packets of a hundred beats, and more than that
        for _ in range(1000):
            await ClockCycles(self.dut.aclk, 20)
            if not self.source.empty() or not self.source.idle():
                continue
            if not await self.read(REG.STATUS) & (REG.STATUS_BUSY_MASK | REG.STATUS_ANSWERING_MASK):
                await ClockCycles(self.dut.aclk, 20)
                return
        raise AssertionError("the shell hangs: it's still busy")

    async def check_answer(self, what):
        values, marks = await self.answer()
        assert values == expected_answer(what), what
        assert is_marked(marks, int(bool(what.flags))), what

    async def totals(self):
        """Counters that go up: samples, what went in, what was dropped, then the spikes of each layer."""
        layers = [layer for layer in NETWORK.layers if layer.neuron.fires]
        counters = (REG.SAMPLES, REG.EVENTS, REG.DROPPED, *(REG.SPIKES0 + 4 * i for i in range(len(layers))))
        return [await self.read(address) for address in counters]


def is_marked(marks, mark):
    """Whether the beats of an answer are marked as they should; an early one may not know yet."""
    return set(marks) == {mark} or (DECIDES_EARLY and set(marks) <= {0, mark})


def understood(beats):
    """Meaning of a packet to the network of this bench."""
    return PACKETS.meaning(list(beats))


def expected_answer(what):
    """Class and scores by the golden model."""
    golden = run(NETWORK, what.train)
    return [int(golden.label[0]), *golden.scores[0].tolist()]


def expected_spikes(what):
    """Fewest and most spikes of each layer that fires, by the golden model.

    Where an answer comes early, what the layers before the last one are ahead isn't known.
    """
    golden = run(NETWORK, what.train)
    layers = [
        found.spikes[0]
        for layer, found in zip(NETWORK.layers, golden.layers, strict=True)
        if layer.neuron.fires
    ]
    most = [int(spikes.sum()) for spikes in layers]
    if not DECIDES_EARLY:
        return most, most
    decided = NETWORK.steps - golden.scores[0].max()
    fewest = [int(spikes[: decided + 1].sum()) for spikes in layers]
    return fewest, [*most[:-1], fewest[-1]]


def expected_cycles(what):
    """Cycles by the timing model."""
    train = what.train[None]
    return int(cycles(NETWORK, train, [layer.spikes for layer in run(NETWORK, train).layers], HARDWARE)[0])


async def started(dut, seed=1):
    """A bench after its reset, enabled."""
    bench = Bench(dut, seed)
    await ClockCycles(dut.aclk, 3)
    await bench.reset()
    await bench.write(REG.CONTROL, REG.CONTROL_ENABLE_MASK)
    return bench


async def cleared(dut):
    """Wait as long as a memory of a bit an input takes to be cleared after a reset."""
    await ClockCycles(dut.aclk, NETWORK.inputs)


def sample(bench):
    """A well-formed packet."""
    return PACKETS.good(bench.random)


@cocotb.test()
async def identification_is_the_network_s(dut):
    bench = await started(dut)
    assert await bench.read(REG.MAGIC) == int.from_bytes(b"SPKR", "big")
    digest = "".join([f"{await bench.read(REG.DIGEST0 + 4 * i):08x}" for i in range(4)])
    assert digest == NETWORK.digest[:32]
    assert await bench.read(REG.INPUTS) == NETWORK.inputs
    assert await bench.read(REG.STEPS) == NETWORK.steps
    assert await bench.read(REG.CLASSES) == NETWORK.classes
    major, minor, patch = (int(part) for part in SETTINGS["version"].split("."))
    assert await bench.read(REG.VERSION) == major << 16 | minor << 8 | patch
    kind = ["events", "words", "encoder"].index(HARDWARE.input)
    pairs = HARDWARE.input == "events" and HARDWARE.of_layers(NETWORK)[0].lanes == 2
    counted = sum(layer.neuron.fires for layer in NETWORK.layers)
    features = await bench.read(REG.FEATURES)
    assert features & ~REG.FEATURES_BITS_MASK == counted << 8 | kind << 16 | pairs << 19
    assert features >> 24 == PACKETS.bits
    assert await bench.read(REG.PACKET) == getattr(PACKETS, "count", 0)


@cocotb.test()
async def what_no_register_is_at_answers_with_an_error(dut):
    bench = await started(dut)
    for address in (0x7C, 0xFC, 0x60, 0x70):
        await bench.read(address, AxiResp.SLVERR)
        await bench.write(address, 1, AxiResp.SLVERR)
    # what can't be written says so, and is still what it was
    await bench.write(REG.MAGIC, 0, AxiResp.SLVERR)
    assert await bench.read(REG.MAGIC) == REG.MAGIC_VALUE


@cocotb.test()
async def only_the_written_bytes_change(dut):
    bench = await started(dut)
    await bench.write(REG.INTERRUPT_ENABLE, 0b101)
    # the second byte: no bit of the first one may change
    await bench.write(REG.INTERRUPT_ENABLE + 1, 0xFF, size=1)
    assert await bench.read(REG.INTERRUPT_ENABLE) == 0b101
    await bench.write(REG.INTERRUPT_ENABLE, 0b010, size=1)
    assert await bench.read(REG.INTERRUPT_ENABLE) == 0b010


@cocotb.test()
async def every_access_gets_its_response_in_order(dut):
    bench = await started(dut)
    for _ in range(5):
        # many under way at once: what comes back late must not be overtaken by the next one
        bench.stall()
        tasks = []
        for number in range(16):
            bad = bench.random.random() < 0.5
            response = AxiResp.SLVERR if bad else AxiResp.OKAY
            tasks.append(cocotb.start_soon(bench.read(0x7C if bad else REG.MAGIC, response)))
            tasks.append(
                cocotb.start_soon(bench.write(0x7C if bad else REG.SCORE_INDEX, number % 2, response))
            )
        for task in tasks:
            await task


@cocotb.test()
async def a_write_waits_for_the_response_before_it_to_be_taken(dut):
    bench = await started(dut)
    # by hand, as the master doesn't send a write before the last one's response
    bench.master.write_if.b_channel.pause = True
    await ClockCycles(dut.aclk, 2)
    responses = []
    for address in (0x7C, REG.SCORE_INDEX):
        await FallingEdge(dut.aclk)
        dut.s_axi_awaddr.value, dut.s_axi_wdata.value, dut.s_axi_wstrb.value = address, 1, 0xF
        dut.s_axi_awvalid.value = dut.s_axi_wvalid.value = 1
        await ClockCycles(dut.aclk, 1)
        await FallingEdge(dut.aclk)
        dut.s_axi_awvalid.value = dut.s_axi_wvalid.value = 0
        await ClockCycles(dut.aclk, 10)
    bench.master.write_if.b_channel.pause = False
    for _ in range(20):
        await RisingEdge(dut.aclk)
        if dut.s_axi_bvalid.value and dut.s_axi_bready.value:
            responses.append(int(dut.s_axi_bresp.value))
    assert responses == [int(AxiResp.SLVERR), int(AxiResp.OKAY)]


@cocotb.test()
async def a_sample_takes_the_cycles_of_the_timing_model(dut):
    bench = await started(dut)
    await cleared(dut)
    for _ in range(5):
        what = understood(beats := sample(bench))
        bench.send(beats)
        await bench.check_answer(what)
        await bench.drained()
        assert await bench.read(REG.CYCLES) == expected_cycles(what)
        assert await bench.read(REG.WINNER) == expected_answer(what)[0]
        for number, score in enumerate(expected_answer(what)[1:]):
            await bench.write(REG.SCORE_INDEX, number)
            assert await bench.read(REG.SCORE) == score & MASK
    assert await bench.read(REG.SAMPLES) == 5


@cocotb.test()
async def a_start_takes_one_sample(dut):
    bench = await started(dut)
    await bench.write(REG.CONTROL, 0)
    packets = [sample(bench) for _ in range(3)]
    for beats in packets:
        bench.send(beats)
    for beats in packets:
        await ClockCycles(dut.aclk, 300)
        assert bench.sink.empty()
        status = await bench.read(REG.STATUS)
        assert status & REG.STATUS_WAITING_MASK
        assert not status & REG.STATUS_BUSY_MASK
        await bench.write(REG.CONTROL, REG.CONTROL_START_MASK)
        await bench.check_answer(understood(beats))
    assert await bench.read(REG.CONTROL) == 0
    # a start that comes first waits
    await bench.drained()
    await bench.write(REG.CONTROL, REG.CONTROL_START_MASK)
    assert await bench.read(REG.STATUS) & REG.STATUS_ARMED_MASK
    bench.send(packets[0])
    await bench.check_answer(understood(packets[0]))
    assert not await bench.read(REG.STATUS) & REG.STATUS_ARMED_MASK


@cocotb.test()
async def interrupts_follow_what_happened_and_what_is_enabled(dut):
    bench = await started(dut)
    beats = sample(bench)

    async def one(beats):
        bench.send(beats)
        await bench.check_answer(understood(beats))
        await bench.drained()

    await one(beats)
    assert not dut.irq.value
    assert await bench.read(REG.STATUS) & REG.STATUS_DONE_MASK
    await bench.write(REG.INTERRUPT_ENABLE, REG.INTERRUPT_ENABLE_DONE_MASK)
    await ClockCycles(dut.aclk, 3)
    assert dut.irq.value
    await bench.write(REG.INTERRUPT_PENDING, REG.INTERRUPT_PENDING_DONE_MASK)
    await ClockCycles(dut.aclk, 3)
    assert not dut.irq.value
    assert await bench.read(REG.ERRORS) == 0
    # two answers and nobody looks
    await one(beats)
    await one(beats)
    assert await bench.read(REG.ERRORS) == REG.ERRORS_OVERRUN_MASK
    overrun = REG.INTERRUPT_PENDING_OVERRUN_MASK | REG.INTERRUPT_PENDING_DONE_MASK
    assert await bench.read(REG.INTERRUPT_PENDING) == overrun
    await bench.write(REG.INTERRUPT_PENDING, MASK)
    await bench.write(REG.ERRORS, MASK)
    await bench.write(REG.INTERRUPT_ENABLE, REG.INTERRUPT_ENABLE_ERROR_MASK)
    await ClockCycles(dut.aclk, 3)
    assert not dut.irq.value
    name, wrong = next(iter(PACKETS.cases(bench.random, beats).items()))
    await one(wrong)
    assert dut.irq.value
    assert await bench.read(REG.ERRORS) == flag_bits({name})
    # clearing a flag clears that flag alone
    await bench.write(REG.INTERRUPT_PENDING, REG.INTERRUPT_PENDING_DONE_MASK)
    assert await bench.read(REG.INTERRUPT_PENDING) == REG.INTERRUPT_PENDING_ERROR_MASK


@cocotb.test()
async def each_malformed_packet_gets_one_marked_answer(dut):
    bench = await started(dut)
    beats = sample(bench)
    while not beats[0]:  # what comes next must differ from what is filled in
        beats = sample(bench)
    cases = PACKETS.cases(bench.random, beats)
    assert len(cases) >= (7 if getattr(PACKETS, "can_be_wrong", True) else 4)
    for name, malformed in cases.items():
        await bench.write(REG.ERRORS, MASK)
        bench.send(malformed)
        bench.send(beats)
        await bench.check_answer(understood(malformed))
        await bench.check_answer(understood(beats))
        await bench.drained()
        flags = await bench.read(REG.ERRORS) & ~REG.ERRORS_OVERRUN_MASK
        assert flags == flag_bits(understood(malformed).flags), name
        if hasattr(REG, f"ERRORS_{name.upper()}_MASK"):
            assert understood(malformed).flags == {name}


def flag_bits(flags):
    """Names of error flags as they stand in the register."""
    return sum(getattr(REG, f"ERRORS_{name.upper()}_MASK") for name in flags)


@cocotb.test()
async def a_soft_reset_in_a_sample_discards_its_rest(dut):
    bench = await started(dut)
    beats = sample(bench)
    for taken in range(1, len(beats)):
        bench.source.set_pause_generator(iter([*[False] * (taken + 1), *[True] * 60, False]))
        bench.send(beats)
        await ClockCycles(dut.aclk, taken + 20)
        before = await bench.read(REG.DROPPED)
        await bench.write(REG.CONTROL, REG.CONTROL_ENABLE_MASK | REG.CONTROL_SOFT_RESET_MASK)
        bench.send(beats)
        await bench.check_answer(understood(beats))
        await bench.drained()
        if DECIDES_EARLY and not bench.sink.empty():
            await bench.check_answer(understood(beats))  # it came before the reset
        assert bench.sink.empty(), "the sample that was reset has an answer"
        assert await bench.read(REG.DROPPED) - before <= len(beats) - 1
        bench.source.clear_pause_generator()
        bench.source.pause = False
        # what software has set is still there
        assert await bench.read(REG.CONTROL) == REG.CONTROL_ENABLE_MASK


@cocotb.test()
async def a_soft_reset_in_an_answer_ends_its_packet(dut):
    bench = await started(dut)
    beats = sample(bench)
    answer = expected_answer(understood(beats))
    cut = 0
    for taken in range(len(answer)):
        bench.sink.set_pause_generator(iter([*[False] * (taken + 1), *[True] * 400, False]))
        bench.sink.pause = True
        bench.send(beats)
        await ClockCycles(dut.aclk, 330)
        bench.sink.clear_pause_generator()
        bench.sink.pause = True
        await bench.write(REG.CONTROL, REG.CONTROL_ENABLE_MASK | REG.CONTROL_SOFT_RESET_MASK)
        bench.sink.pause = False
        values, marks = await bench.answer()
        assert len(values) == len(answer)
        given = marks.index(1) if 1 in marks else len(marks)
        assert values == answer[:given] + [0] * (len(answer) - given)
        assert marks == [0] * given + [1] * (len(marks) - given)
        cut += given < len(answer)
        bench.send(beats)
        await bench.check_answer(understood(beats))
        await bench.drained()
        assert bench.sink.empty()
    assert cut


@cocotb.test()
async def a_reset_at_any_moment_spares_the_next_packet(dut):
    bench = await started(dut)
    beats = sample(bench)
    following = sample(bench)
    while expected_answer(understood(following)) == expected_answer(understood(beats)):
        following = sample(bench)
    ends = []
    last = expected_cycles(understood(beats)) + 30
    for kind in ("soft", "hard"):
        for delay in range(0, last, 1 if kind == "soft" else 7):
            bench.send(beats)
            await ClockCycles(dut.aclk, delay)
            if kind == "soft":
                await bench.write(REG.CONTROL, REG.CONTROL_ENABLE_MASK | REG.CONTROL_SOFT_RESET_MASK)
            else:
                await bench.reset()
                await bench.write(REG.CONTROL, REG.CONTROL_ENABLE_MASK)
            bench.send(following)
            await bench.drained()
            answers = [await bench.answer() for _ in range(bench.sink.count())]
            assert {len(values) for values, _ in answers} == {NETWORK.classes + 1}
            assert answers[-1][0] == expected_answer(understood(following)), (kind, delay)
            assert not any(answers[-1][1])
            ends.append(len(answers))
    # some came before the reset, and others were reset
    assert set(ends) == {1, 2}


class Player:
    """Random packets, resets and register accesses at the same time, and what must come of them."""

    def __init__(self, bench):
        self.bench = bench
        self.random = bench.random

    async def play(self, packets):
        """Episodes until there were so many packets."""
        bench = self.bench
        ends = []
        while bench.counts["packets"] < packets or ends:
            if not ends:
                ends = [*[self._wait_for_all] * 3, self._soft_reset, self._hard_reset]
                self.random.shuffle(ends)
            await self._episode(ends.pop())
            await self._probe()

    async def _episode(self, end):
        bench = self.bench
        for address in (REG.ERRORS, REG.INTERRUPT_PENDING):
            await bench.write(address, MASK)
        base = await bench.totals()
        bench.stall()
        starts = self.random.random() < 0.3
        await bench.write(REG.CONTROL, 0 if starts else REG.CONTROL_ENABLE_MASK)
        malformed = self.random.choice([0, 0.3, 0.7])
        sent = []
        for _ in range(self.random.randint(1, 8)):
            beats = random_packet(self.random, PACKETS, malformed)
            sent.append(understood(beats))
            bench.send(beats)
            bench.counts["malformed"] += bool(sent[-1].flags)
        self.stop = self.stop_starts = False
        traffic = cocotb.start_soon(self._until_stopped(self._access))
        self.starting = cocotb.start_soon(self._start(len(sent) if starts else 0))
        await end(sent, base)
        # what is under way on the bus ends by itself
        self.stop = self.stop_starts = True
        await traffic
        await self.starting

    async def _start(self, count):
        """One start for each packet, when the one before it was used."""
        with suppress(Flushed):
            for _ in range(count):
                while not self.stop_starts and await self.bench.read(REG.STATUS) & REG.STATUS_ARMED_MASK:
                    pass
                if not self.stop_starts:
                    await self.bench.write(REG.CONTROL, REG.CONTROL_START_MASK)

    async def _until_stopped(self, action):
        while not self.stop:
            with suppress(Flushed):
                await action()
            await ClockCycles(self.bench.dut.aclk, self.random.randint(1, 30))

    async def _access(self):
        """A read or write that changes nothing of what is checked."""
        kind = self.random.randrange(4)
        if kind == 0:
            assert await self.bench.read(REG.INPUTS) == NETWORK.inputs
        elif kind == 1:
            await self.bench.read(0xF0, AxiResp.SLVERR)
        else:
            register, bound = [(REG.INTERRUPT_ENABLE, 8), (REG.SCORE_INDEX, NETWORK.classes)][kind - 2]
            resets = self.bench.resets
            value = self.random.randrange(bound)
            await self.bench.write(register, value, size=self.random.randint(1, 4))
            found = await self.bench.read(register)
            # a reset in between has cleared it
            assert found == value or (found == 0 and self.bench.resets > resets)

    async def _wait_for_all(self, sent, base):
        for what in sent:
            await self.bench.check_answer(what)
        self.stop = True
        await self.bench.drained()
        assert self.bench.sink.empty(), "an answer that nobody asked for"
        flags = await self.bench.read(REG.ERRORS) & ~REG.ERRORS_OVERRUN_MASK
        assert flags == flag_bits(frozenset().union(*(what.flags for what in sent)))
        self._check_totals(
            sent, [now - before for now, before in zip(await self.bench.totals(), base, strict=True)]
        )
        pending = await self.bench.read(REG.INTERRUPT_PENDING)
        assert pending & REG.INTERRUPT_PENDING_DONE_MASK
        assert bool(pending & REG.INTERRUPT_PENDING_ERROR_MASK) == bool(flags)
        assert bool(pending & REG.INTERRUPT_PENDING_OVERRUN_MASK) == (len(sent) > 1)

    def _check_totals(self, sent, grown):
        """Whether the counters have grown as they should with these samples."""
        samples, moved, dropped, *spikes = grown
        expected = (len(sent), sum(what.moved for what in sent), sum(what.dropped for what in sent))
        assert (samples, moved, dropped) == expected
        fewest, most = np.sum([expected_spikes(what) for what in sent], axis=0)
        assert (fewest <= spikes).all(), (fewest, spikes)
        assert (spikes <= most).all(), (spikes, most)

    async def _soft_reset(self, sent, base):
        bench = self.bench
        bench.counts["soft resets"] += 1
        await ClockCycles(bench.dut.aclk, self.random.randint(1, 300))
        self.stop_starts = True
        await self.starting
        answered = bench.sink.count()
        await bench.write(REG.CONTROL, REG.CONTROL_ENABLE_MASK | REG.CONTROL_SOFT_RESET_MASK)
        under_way = len(sent) - bench.source.count() - answered
        # the packets that the reset didn't meet are answered
        await bench.drained()
        answers = []
        while not bench.sink.empty():
            answers.append(await bench.answer())
        assert self._is_in_order(answers, sent), (answers, sent)
        assert len(sent) - len(answers) <= min(under_way, IN_FLIGHT)
        bench.counts["reset without an answer"] += len(sent) - len(answers)

    def _is_in_order(self, answers, sent):
        """Whether the first and the last packets have answers, between them at most one that was cut."""
        expected = [(expected_answer(what), int(bool(what.flags))) for what in sent]
        for first in range(len(answers) + 1):
            for was_cut in (0, 1):
                rest = answers[first + was_cut :]
                before = all(map(_is_whole, answers[:first], expected))
                cut = not was_cut or (first < len(answers) and _is_cut(answers[first], expected[first]))
                after = all(map(_is_whole, rest, expected[len(sent) - len(rest) :]))
                if before and cut and after:
                    return True
        return False

    async def _hard_reset(self, sent, base):
        bench = self.bench
        bench.counts["hard resets"] += 1
        await ClockCycles(bench.dut.aclk, self.random.randint(1, 300))
        await bench.reset()

    async def _probe(self):
        """A well-formed sample, alone: its answer and its cycles."""
        bench = self.bench
        bench.flow()
        await bench.write(REG.CONTROL, REG.CONTROL_ENABLE_MASK)
        await bench.drained()
        await cleared(bench.dut)
        assert bench.sink.empty()
        what = understood(beats := sample(bench))
        bench.send(beats)
        await bench.check_answer(what)
        await bench.drained()
        assert await bench.read(REG.CYCLES) == expected_cycles(what)
        assert await bench.read(REG.WINNER) == expected_answer(what)[0]


IN_FLIGHT = len(NETWORK.layers) + 2


def _is_whole(answer, expected):
    return answer[0] == expected[0] and is_marked(answer[1], expected[1])


def _is_cut(answer, expected):
    values, marks = answer
    if len(values) != len(expected[0]):
        return False
    for given in range(1, len(values)):
        zeros = [0] * (len(values) - given)
        if values == expected[0][:given] + zeros and marks[given:] == [1] * len(zeros):
            return is_marked(marks[:given], expected[1])
    return False


@cocotb.test()
async def random_packets_and_resets(dut):
    bench = await started(dut, SETTINGS["seed"])
    await Player(bench).play(SETTINGS["packets"])
    Path(SETTINGS["counts"]).write_text(json.dumps(bench.counts))


PINS = (
    *(
        "aresetn",
        "s_axi_awaddr",
        "s_axi_awvalid",
        "s_axi_wdata",
        "s_axi_wstrb",
        "s_axi_wvalid",
        "s_axi_bready",
    ),
    *("s_axi_araddr", "s_axi_arvalid", "s_axi_rready"),
    *("s_axis_tdata", "s_axis_tvalid", "s_axis_tlast", "m_axis_tready"),
)
"""What goes in."""

ANSWERS = (
    *("irq", "s_axi_awready", "s_axi_wready", "s_axi_bresp", "s_axi_bvalid"),
    *("s_axi_arready", "s_axi_rdata", "s_axi_rresp", "s_axi_rvalid"),
    *("s_axis_tready", "m_axis_tdata", "m_axis_tvalid", "m_axis_tlast", "m_axis_tuser"),
)
"""What comes out."""


async def record(dut, lines):
    """All pins right before each clock edge; None for what isn't defined, as before the reset."""
    while True:
        await RisingEdge(dut.aclk)
        lines.append({name: _number(getattr(dut, name).value) for name in (*PINS, *ANSWERS)})


def _number(value):
    try:
        return int(value)
    except ValueError:
        return None


@cocotb.test()
async def pins_are_recorded(dut):
    lines = []
    cocotb.start_soon(record(dut, lines))
    bench = await started(dut, SETTINGS["seed"])
    await Player(bench).play(SETTINGS["packets"])
    Path(SETTINGS["recording"]).write_text(json.dumps(lines))
