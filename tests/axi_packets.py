"""Packets for the shell's input, good and bad, and what they mean: written from docs/axi.md alone."""

from dataclasses import dataclass

TICK = 1 << 31


@dataclass(frozen=True)
class Meaning:
    """What a packet is to the network: active inputs a step, and what was wrong with it."""

    steps: list[list[int]]
    flags: frozenset[str]
    dropped: int

    @property
    def events(self):
        return sum(len(step) for step in self.steps)

    def train(self, inputs):
        return [[int(index in step) for index in range(inputs)] for step in self.steps]


def meaning(beats, inputs, steps):
    """Meaning of a packet, beat by beat."""
    done, current, flags, dropped = [], [], set(), 0
    for number, beat in enumerate(beats):
        last = number == len(beats) - 1
        if len(done) == steps:
            dropped += 1
            continue
        if beat & TICK:
            done.append(current)
            current = []
            if len(done) == steps and not last:
                flags.add("ended_late")
        elif beat >= inputs:
            flags.add("index_range")
            dropped += 1
        else:
            current.append(beat)
    if len(done) < steps:
        flags.add("ended_early")
        done.append(current)
        done += [[] for _ in range(steps - len(done))]
    return Meaning(done, frozenset(flags), dropped)


def good_packet(random, inputs, steps):
    """A well-formed packet: every index once a step at most, in any order."""
    beats = []
    for _ in range(steps):
        active = [index for index in range(inputs) if random.random() < 0.4]
        random.shuffle(active)
        # what a tick says beside being one is ignored
        beats += [*active, TICK | random.choice([0, 0, random.getrandbits(31)])]
    return beats


def bad_index(random, inputs, beats):
    """With beats whose index is too large."""
    worst = [inputs, inputs + 1, 1 << 30, (1 << 31) - 1, inputs + 256 * random.randrange(1, 9)]
    for _ in range(random.randint(1, 3)):
        beats.insert(random.randint(0, len(beats)), random.choice(worst))
    return beats


def too_short(random, inputs, beats):
    """Without its end, one beat at least."""
    return beats[: random.randint(1, len(beats) - 1)] if len(beats) > 1 else [0]


def too_long(random, inputs, beats):
    """With more after its end: ticks, indices, anything."""
    more = [random.choice([TICK, 0, inputs, random.getrandbits(32)]) for _ in range(random.randint(1, 6))]
    return [*beats, *more]


def missing_tick(random, inputs, beats):
    """Without one of its ticks; the end stays."""
    ticks = [place for place, beat in enumerate(beats) if beat & TICK]
    if ticks:
        del beats[random.choice(ticks)]
    return beats or [0]


def without_repeats(beats):
    """Indices that come twice in a step are the sender's fault and can't be told: none of these here."""
    seen, kept = set(), []
    for beat in beats:
        if beat & TICK:
            seen = set()
        elif beat in seen:
            continue
        else:
            seen.add(beat)
        kept.append(beat)
    return kept


DAMAGES = (bad_index, too_short, too_long, missing_tick)


def random_packet(random, inputs, steps, malformed):
    """A packet; a share `malformed` of them is damaged, some more than once."""
    beats = good_packet(random, inputs, steps)
    while random.random() < malformed:
        beats = random.choice(DAMAGES)(random, inputs, beats)
    return without_repeats(beats)
