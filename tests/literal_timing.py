"""The cycle formula of docs/hardware.md, written from there for one sample, with plain integers."""

NEVER = -(10**9)


def words_of(row, choices):
    """Spikes of a step by word, each a list of 0 and 1 of the neurons that there are."""
    per_pass = [row[i : i + choices.parallelism] for i in range(0, len(row), choices.parallelism)]
    bits = min(32 if choices.passes == 1 else 8, choices.parallelism)
    words = []
    for neurons in per_pass:
        for start in range(0, choices.parallelism, bits):
            words.append(neurons[start : start + bits])
    return words


def beats_of(word, receiver):
    if receiver.schedule == "clock":
        return len(word)
    return -(-sum(word) // receiver.lanes)


def hand_over(words, begin, ready, receiver, passes):
    """Edges at which the last word was taken and the tick was found."""
    take, beat, last = begin, NEVER, begin
    for word in words:
        last = take
        beats = beats_of(word, receiver)
        if beats == 0:
            take = take + 1
            continue
        found = max(take + 1, beat)
        first = max(found, ready - 1) + passes
        beat = first + (beats - 1) * passes
        take = found if beats == 1 else first + (beats - 2) * passes
    return last, max(take + 1, beat)


def cycles(choices, timings, own, inputs, layers, decided, classes):
    """Cycles of a sample.

    `choices` and `timings` are those of the layers, `own` whether they have own rows; `inputs` and
    `layers` are lists of the spikes of each step, `decided` is the deciding step.
    """
    count = len(layers)
    by_clock = choices[0].schedule == "clock"
    first_is_event = sum(inputs[0]) > 0 and not by_clock
    opened = [1 - timings[0].passes if first_is_event else 0] + [-1] * (count - 1)
    own_tick, taken, tick_found = [NEVER] * count, [NEVER] * count, [NEVER] * count
    ticks, collecting = [-1] * count, 0
    for step in range(decided + 1):
        ready = [max(opened[n], own_tick[n] + 1) for n in range(count)]
        events = -(-sum(inputs[step]) // choices[0].lanes)
        if by_clock:
            collected = max(collecting + events, ticks[0] + 1)
            begin = max(collected + 1, ready[0])
            ticks[0] = begin + timings[0].passes * len(inputs[step])
            collecting = collected + 1
        else:
            ticks[0] = ready[0] + timings[0].passes * events
        for n in range(count):
            timing = timings[n]
            fire = ticks[n] + timing.to_fire
            if n + 1 < count:
                fire = max(fire, taken[n] + timing.from_word)
            opened[n] = fire + timing.to_open - timing.to_fire
            words = words_of(layers[n][step], choices[n])
            if own[n]:
                _, found = hand_over(words, fire + 1, opened[n], choices[n], timing.passes)
                own_tick[n] = found + 1
            if n + 1 < count:
                begin = max(fire + 1, tick_found[n])
                taken[n], tick_found[n] = hand_over(
                    words, begin, ready[n + 1], choices[n + 1], timings[n + 1].passes
                )
                ticks[n + 1] = max(tick_found[n], ready[n + 1] - 1) + 1
    return ticks[-1] + timings[-1].to_end + classes + 2
