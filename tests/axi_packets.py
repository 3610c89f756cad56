"""Packets for the shell's input, good and bad, and what they mean: written from docs/axi.md alone."""

from dataclasses import dataclass

import numpy as np

from spiker.sparsity import sparsity

TICK = NONE = 1 << 31


@dataclass(frozen=True)
class Meaning:
    """What a packet is to the network, and what was wrong with it.

    Attributes
    ----------
    train : 0/1, shape (steps, inputs)
    flags : frozenset of str
        Those of the register `errors` that it sets.
    dropped, moved : int
        Beats that are dropped; events, words or values that go on to the network.
    """

    train: np.ndarray
    flags: frozenset
    dropped: int
    moved: int


class Events:
    """A beat is the index of an input that spikes in this step, or the tick that ends the step."""

    bits = 31

    def __init__(self, network, hardware):
        self.inputs, self.steps = network.inputs, network.steps
        # cycles depend on the order where a row or a block that is left out is passed by
        first = sparsity(network.layers[0], hardware.of_layers(network)[0])
        self.in_order = first.form != "dense"

    def good(self, random):
        """A well-formed packet: every index once a step at most, in any order that takes as long."""
        beats = []
        for _ in range(self.steps):
            active = [index for index in range(self.inputs) if random.random() < 0.4]
            if not self.in_order:
                random.shuffle(active)
            # what a tick says beside being one is ignored
            beats += [*self.events(active), self.tick(random)]
        return beats

    def events(self, active):
        return active

    def tick(self, random):
        return TICK | random.choice([0, 0, random.getrandbits(31)])

    def fitting(self, beat):
        """Indices of a beat that are below the number of inputs, and how many aren't."""
        return ([beat], 0) if beat < self.inputs else ([], 1)

    def meaning(self, beats):
        """Meaning of a packet, beat by beat."""
        done, current, flags, dropped = [], set(), set(), 0
        moved = 0
        for number, beat in enumerate(beats):
            if len(done) == self.steps:
                dropped += 1
            elif beat & TICK:
                done.append(current)
                current = set()
                if len(done) == self.steps and number < len(beats) - 1:
                    flags.add("ended_late")
            else:
                indices, outside = self.fitting(beat)
                flags |= {"index_range"} if outside else set()
                dropped += not indices
                current |= {*indices}
                moved += len(indices)
        if len(done) < self.steps:
            flags.add("ended_early")
            done += [current, *[set()] * (self.steps - len(done) - 1)]
        train = [[int(index in step) for index in range(self.inputs)] for step in done]
        return Meaning(np.array(train, np.uint8), frozenset(flags), dropped, moved)

    def too_large(self, random):
        # with the low bits of an index that is there, and without
        near = [self.inputs, self.inputs + 1, TICK - 1]
        return random.choice([*near, *[1 << 30 | random.randrange(self.inputs)] * 3])

    def out_of_range(self, random, beats):
        """With beats whose index is too large."""
        for _ in range(random.randint(1, 3)):
            beats.insert(random.randint(0, len(beats)), self.too_large(random))
        return beats

    def missing_tick(self, random, beats):
        """Without one of its ticks; the end stays."""
        ticks = [place for place, beat in enumerate(beats) if beat & TICK]
        if ticks:
            del beats[random.choice(ticks)]
        return beats or [0]

    def anything(self, random):
        return random.choice([TICK, 0, self.inputs, random.getrandbits(32)])

    @property
    def damages(self):
        return (self.out_of_range, too_short, self.too_long, self.missing_tick)

    def too_long(self, random, beats):
        """With more after its end: ticks, indices, anything."""
        return [*beats, *(self.anything(random) for _ in range(random.randint(1, 6)))]

    def tidy(self, beats):
        """Indices that come twice in a step are the sender's fault and can't be told: none of these here."""
        seen, kept = set(), []
        for beat in beats:
            indices = [] if beat & TICK else self.fitting(beat)[0]
            if seen & {*indices} or len(indices) > len({*indices}):
                continue
            seen = set() if beat & TICK else seen | {*indices}
            kept.append(beat)
        return kept or [TICK]

    def cases(self, random, beats):
        """Packets with one thing wrong, by what that is; and some with more."""
        last = max(place for place, beat in enumerate(beats[:-1]) if beat & TICK)
        return {
            "index_range": [*beats[:1], self.too_large(random), *beats[1:]],
            "ended_early": beats[: last + 1],
            "ended_late": [*beats, 0, TICK, self.inputs],
            "without the last tick": [*[TICK] * (self.steps - 1), 0],
            "one beat": [0],
            "one tick": [TICK],
            "one bad beat": [self.inputs],
            "all bad": [TICK - 1] * 9,
        }


class Pairs(Events):
    """A beat has two words: the second is a second index, or NONE."""

    def events(self, active):
        return [
            first | (active[place + 1] if place + 1 < len(active) else NONE) << 32
            for place, first in list(enumerate(active))[::2]
        ]

    def tick(self, random):
        return super().tick(random) | random.choice([0, NONE << 32, random.getrandbits(32) << 32])

    def fitting(self, beat):
        first, second = beat & 0xFFFFFFFF, beat >> 32
        found = [first] if second & NONE else [first, second]
        fitting = [index for index in found if index < self.inputs]
        return fitting, len(found) - len(fitting)

    def too_large(self, random):
        large = super().too_large(random)
        return random.choice([large | NONE << 32, large | large << 32])

    def out_of_range(self, random, beats):
        """Also with one index too large and the other one right, in either order."""
        for place, beat in enumerate(beats):
            if not beat & TICK and random.random() < 0.3:
                large = Events.too_large(self, random)
                beats[place] = random.choice(
                    [large | (beat & 0x7FFFFFFF) << 32, (beat & 0x7FFFFFFF) | large << 32]
                )
        return super().out_of_range(random, beats)

    def anything(self, random):
        return random.choice([super().anything(random), random.getrandbits(64)])

    def cases(self, random, beats):
        large, none = 1 << 30, NONE << 32
        more = {
            "only the first is bad": [large, *beats],
            "only the second is bad": [large << 32, *beats],
            "both are bad": [large | large << 32, *beats],
        }
        # what another case has as a single index has none behind it here
        single = {
            name: [beat if beat >> 32 else beat | none for beat in packet]
            for name, packet in super().cases(random, beats).items()
        }
        return single | {name: self.tidy(packet) for name, packet in more.items()}


class Packed:
    """Words or values: packets are always as long.

    Subclasses have `count`, the beats of a packet, and `flag`, what is set for a wrong beat; a random and
    a wrong beat; whether a beat is wrong, whether any can be, and the train that as many beats make.
    """

    can_be_wrong = True

    def good(self, random):
        """A well-formed packet."""
        return [self.random_beat(random, place) for place in range(self.count)]

    def meaning(self, beats):
        """Meaning of a packet: too short is filled with 0, too long is cut."""
        kept = beats[: self.count]
        flags = {self.flag} if any(self.is_wrong(place, beat) for place, beat in enumerate(kept)) else set()
        flags |= {"ended_early"} if len(beats) < self.count else set()
        flags |= {"ended_late"} if len(beats) > self.count else set()
        train = self.train([*kept, *[0] * (self.count - len(kept))])
        return Meaning(train, frozenset(flags), len(beats) - len(kept), len(kept))

    def out_of_range(self, random, beats):
        """With something in a beat that must not be there."""
        beats[random.randrange(len(beats))] = self.wrong_beat(random)
        return beats

    def too_long(self, random, beats):
        """With more after its end."""
        return [*beats, *(random.getrandbits(32) for _ in range(random.randint(1, self.count + 3)))]

    @property
    def damages(self):
        return (*[self.out_of_range] * self.can_be_wrong, too_short, self.too_long)

    def tidy(self, beats):
        return beats

    def cases(self, random, beats):
        lengths = {
            "ended_early": beats[:-1],
            "ended_late": [*beats, beats[0]],
            "one beat": beats[:1],
            "twice as long": [*beats, *beats],
        }
        if not self.can_be_wrong:
            return lengths
        return {
            # what is left of it in the lowest bits is 0
            self.flag: [*beats[:-1], 1 << 31],
            "one wrong beat": [1 << 31],
            "all wrong and too long": [1 << 31] * (self.count + 1),
            **lengths,
        }


class Words(Packed):
    """Bit b of word w of a step is input 32 w + b; with fewer inputs there's one word."""

    flag = "index_range"

    def __init__(self, network):
        self.inputs, self.steps = network.inputs, network.steps
        self.bits = min(32, self.inputs)
        self.words = -(-self.inputs // 32)
        self.count = self.steps * self.words
        self.can_be_wrong = self.inputs % 32 != 0

    def _used(self, place):
        return min(32, self.inputs - 32 * (place % self.words))

    def random_beat(self, random, place):
        bits = random.getrandbits(self._used(place))
        return random.choice([0, bits, bits & random.getrandbits(32)])

    def wrong_beat(self, random):
        # right where a step's other words have 32 bits
        return random.choice([0xFFFFFFFF, 1 << self._used(self.count - 1), 1 << 31])

    def is_wrong(self, place, beat):
        return beat >> self._used(place) != 0

    def train(self, beats):
        bits = [[word >> bit & 1 for bit in range(32)] for word in beats]
        steps = np.array(bits, np.uint8).reshape(self.steps, -1)
        if self.words == 1:
            return steps[:, : self.inputs]
        return steps.reshape(self.steps, 32 * self.words)[:, : self.inputs]


class Values(Packed):
    """A beat is a value for the encoder, up to its maximum; what is larger counts as that."""

    flag = "value_range"

    def __init__(self, network):
        self.network = network
        self.bits = network.encoder.maximum.bit_length()
        self.per_step = len(network.encoder.axes) == 3
        self.count = network.values * (network.steps if self.per_step else 1)

    def random_beat(self, random, place):
        top = self.network.encoder.maximum
        return random.choice([0, top, random.randint(0, top), random.randint(0, top)])

    def wrong_beat(self, random):
        top = self.network.encoder.maximum
        return random.choice([top + 1, 0xFFFFFFFF, 1 << 31, top + 1 + random.getrandbits(20)])

    def is_wrong(self, place, beat):
        return beat > self.network.encoder.maximum

    def train(self, beats):
        limited = np.minimum(beats, self.network.encoder.maximum)
        shape = (1, -1, self.network.values) if self.per_step else (1, -1)
        return self.network.encoder.encode(limited.reshape(shape), self.network.steps)[0]


def too_short(random, beats):
    """Without its end, one beat at least."""
    return beats[: random.randint(1, len(beats) - 1)] if len(beats) > 1 else beats


def packets_of(network, hardware):
    """The kind of packets that a design takes."""
    if hardware.input == "events":
        return (Pairs if hardware.of_layers(network)[0].lanes == 2 else Events)(network, hardware)
    return {"words": Words, "encoder": Values}[hardware.input](network)


def random_packet(random, packets, malformed):
    """A packet; a share `malformed` of them is damaged, some more than once."""
    beats = packets.good(random)
    while random.random() < malformed:
        beats = random.choice(packets.damages)(random, beats)
    return packets.tidy(beats)
