"""What stands between the registers and the streams: resets, starts, flags, interrupts, counters."""

from dataclasses import dataclass
from typing import Any

from myhdl import Constant, Signal, always, always_comb, block, instances, intbv, modbv

from hw.entity import flag
from hw.shell.description import WORD_BITS, RegisterMap
from spiker.hardware import Input


@dataclass(frozen=True)
class StatusPlaces:
    """Lowest bits of the fields among the status registers."""

    busy: int
    done: int
    armed: int
    waiting: int
    discarding: int
    answering: int
    cycles: int
    samples: int
    events: int
    dropped: int
    winner: int
    score: int

    @classmethod
    def of(cls, registers: RegisterMap) -> "StatusPlaces":
        """Where the map has them."""
        flags = ("busy", "done", "armed", "waiting", "discarding", "answering")
        words = ("cycles", "samples", "events", "dropped", "winner", "score")
        places = {name: registers.status_bit("status", name) for name in flags}
        return cls(**places, **{name: registers.status_bit(name, "value") for name in words})


@dataclass(frozen=True)
class WrittenPlaces:
    """Lowest bits of the fields among the written registers."""

    enable: int
    start: int
    soft_reset: int
    enable_done: int
    enable_error: int
    enable_overrun: int
    done: int
    error: int
    pending_overrun: int
    bad_beat: int
    ended_early: int
    ended_late: int
    overrun: int
    load_range: int
    load_busy: int
    score_index: int

    @classmethod
    def of(cls, registers: RegisterMap, kind: Input) -> "WrittenPlaces":
        """Where the map has them; what a bad beat is depends on the kind of input."""
        places = {name: registers.written_bit("control", name) for name in ("enable", "start", "soft_reset")}
        for name in ("done", "error", "overrun"):
            places[f"enable_{name}"] = registers.written_bit("interrupt_enable", name)
        errors = ("ended_early", "ended_late", "overrun", "load_range", "load_busy")
        places |= {name: registers.written_bit("errors", name) for name in errors}
        return cls(
            **places,
            bad_beat=registers.written_bit("errors", "value_range" if kind == "encoder" else "index_range"),
            done=registers.written_bit("interrupt_pending", "done"),
            error=registers.written_bit("interrupt_pending", "error"),
            pending_overrun=registers.written_bit("interrupt_pending", "overrun"),
            score_index=registers.written_bit("score_index", "value"),
        )


@block
def control(
    clk: Any,
    aresetn: Any,
    hard_reset: Any,
    soft_reset: Any,
    either_reset: Any,
    stored: Any,
    status: Any,
    occurred: Any,
    irq: Any,
    admit: Any,
    spoils: Any,
    busy: Any,
    score_index: Any,
    begins: Any,
    moved: Any,
    dropped: Any,
    bad_index: Any,
    ended_early: Any,
    ended_late: Any,
    idle: Any,
    discarding: Any,
    offered: Any,
    room: Any,
    is_empty: Any,
    answer_given: Any,
    answering: Any,
    cycles: Any,
    winner: Any,
    score: Any,
    weights_range: Any,
    weights_busy: Any,
    thresholds_range: Any,
    thresholds_busy: Any,
    spike_totals: Any,
    moved_second: Any,
    seen: StatusPlaces,
    told: WrittenPlaces,
    status_bits: int,
) -> Any:
    """Act on what software wrote, and tell it what happened.

    `busy` is set from the cycle in which a sample begins. What is loaded in that cycle would reach its
    memory one cycle later, as the first event reads it: part of the sample would be computed without it.
    """
    # what tells of refused weights and thresholds is None where there are none to load, spike_totals where
    # no layer's spikes are counted, moved_second where a beat has no second event
    bits = WORD_BITS
    index_bits = len(score_index)
    winner_bits = len(winner)
    armed, permitted, is_busy, restarts = flag(), flag(), flag(), flag()
    spoiled = flag()
    second_moved = _or_never(moved_second)
    samples, events, losses = (Signal(modbv(0)[WORD_BITS:]) for _ in range(3))

    @always_comb
    def command() -> None:
        restarts.next = stored[told.soft_reset]
        permitted.next = stored[told.enable] or armed
        score_index.next = stored[told.score_index + index_bits : told.score_index]

    @always_comb
    def reset() -> None:
        hard_reset.next = not aresetn
        soft_reset.next = restarts
        either_reset.next = restarts or not aresetn

    @always_comb
    def permit() -> None:
        admit.next = permitted and room
        is_busy.next = begins or not (idle and is_empty)
        busy.next = begins or not (idle and is_empty)
        spoiled.next = bad_index or ended_early or ended_late
        spoils.next = bad_index or ended_early or ended_late

    refused_range = refused_busy = Constant(False)
    if weights_range is not None or thresholds_range is not None:
        refused_range, refused_busy = flag(), flag()
        weight_outside, weight_late = _or_never(weights_range), _or_never(weights_busy)
        threshold_outside, threshold_late = _or_never(thresholds_range), _or_never(thresholds_busy)

        @always_comb
        def refuse() -> None:
            refused_range.next = weight_outside or threshold_outside
            refused_busy.next = weight_late or threshold_late

    # these come last among the status registers
    totals = Constant(intbv(0)[1:]) if spike_totals is None else spike_totals
    total_bits = 0 if spike_totals is None else len(spike_totals)
    own_bits = status_bits - total_bits

    @always_comb
    def show() -> None:
        status.next = 0
        status.next[seen.busy] = is_busy
        status.next[seen.done] = stored[told.done]
        status.next[seen.armed] = armed
        status.next[seen.waiting] = offered and idle and not permitted
        status.next[seen.discarding] = discarding
        status.next[seen.answering] = answering
        status.next[seen.cycles + bits : seen.cycles] = cycles
        status.next[seen.samples + bits : seen.samples] = samples
        status.next[seen.events + bits : seen.events] = events
        status.next[seen.dropped + bits : seen.dropped] = losses
        status.next[seen.winner + winner_bits : seen.winner] = winner
        status.next[seen.score + bits : seen.score] = score
        for b in range(total_bits):
            status.next[own_bits + b] = totals[b]

    @always_comb
    def happen() -> None:
        occurred.next = 0
        occurred.next[told.done] = answer_given
        occurred.next[told.error] = spoiled or refused_range or refused_busy
        occurred.next[told.pending_overrun] = answer_given and stored[told.done]
        occurred.next[told.bad_beat] = bad_index
        occurred.next[told.ended_early] = ended_early
        occurred.next[told.ended_late] = ended_late
        occurred.next[told.overrun] = answer_given and stored[told.done]
        occurred.next[told.load_range] = refused_range
        occurred.next[told.load_busy] = refused_busy

    @always(clk.posedge)
    def arm() -> None:
        if restarts or not aresetn:
            armed.next = False
        elif stored[told.start]:
            armed.next = True
        elif begins:
            armed.next = False

    @always(clk.posedge)
    def count() -> None:
        if not aresetn:
            samples.next = 0
            events.next = 0
            losses.next = 0
        else:
            if answer_given:
                samples.next = samples + 1
            if moved and second_moved:
                events.next = events + 2
            elif moved:
                events.next = events + 1
            if dropped:
                losses.next = losses + 1

    @always(clk.posedge)
    def interrupt_line() -> None:
        irq.next = (
            (stored[told.done] and stored[told.enable_done])
            or (stored[told.error] and stored[told.enable_error])
            or (stored[told.pending_overrun] and stored[told.enable_overrun])
        )

    return instances()


def _or_never(wire: Any) -> Any:
    return Constant(False) if wire is None else wire
