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


def cycles_of_row(row, choices):
    """Cycles of the event that adds a row of weights, a list of one a neuron."""
    passes = -(-len(row) // choices.parallelism)
    left_out = choices.sparse
    if left_out == "rows" or (left_out == "blocks" and passes == 1):
        return passes if any(row) else 1
    if left_out == "blocks":
        blocks = [row[i : i + choices.parallelism] for i in range(0, len(row), choices.parallelism)]
        there = [turn for turn, block in enumerate(blocks) if any(block)]
        lower = [turn for turn in there if turn < passes // 2]
        if not there:
            return 1
        return len(there) + (lower == there or not lower)
    return passes


def costs_of(word, numbers, receiver, rows):
    """Cycles of each beat of a word whose neurons have these numbers."""
    if receiver.schedule == "clock":
        return [rows[number] for number in numbers]
    fired = [number for number, fires in zip(numbers, word, strict=True) if fires]
    return [rows[number] for number in fired][:: receiver.lanes]


def hand_over(words, begin, ready, receiver, rows):
    """Edges at which the last word was taken and the tick was found; `rows` are the cycles of each row."""
    take, beat, last = begin, NEVER, begin
    number = 0
    for word in words:
        last = take
        costs = costs_of(word, range(number, number + len(word)), receiver, rows)
        number += len(word)
        if not costs:
            take = take + 1
            continue
        found = max(take + 1, beat)
        taken = [max(found, ready - 1) + costs[0]]
        for cost in costs[1:]:
            taken.append(taken[-1] + cost)
        beat = taken[-1]
        take = found if len(costs) == 1 else taken[-2]
    return last, max(take + 1, beat)


def cycles(choices, timings, own, rows, inputs, layers, decided, classes):
    """Cycles of a sample.

    `choices` and `timings` are those of the layers, `own` the cycles of their own rows, empty without any,
    `rows` those of their inputs' rows; `inputs` and `layers` are lists of the spikes of each step, `decided`
    is the deciding step.
    """
    count = len(layers)
    by_clock = choices[0].schedule == "clock"
    first_is_event = sum(inputs[0]) > 0 and not by_clock
    opened = [1 - rows[0][inputs[0].index(1)] if first_is_event else 0] + [-1] * (count - 1)
    own_tick, taken, tick_found = [NEVER] * count, [NEVER] * count, [NEVER] * count
    ticks, collecting = [-1] * count, 0
    for step in range(decided + 1):
        ready = [max(opened[n], own_tick[n] + 1) for n in range(count)]
        events = -(-sum(inputs[step]) // choices[0].lanes)
        if by_clock:
            collected = max(collecting + events, ticks[0] + 1)
            begin = max(collected + 1, ready[0])
            ticks[0] = begin + sum(rows[0])
            collecting = collected + 1
        else:
            costs = [cost for cost, spikes in zip(rows[0], inputs[step], strict=True) if spikes]
            ticks[0] = ready[0] + sum(costs[:: choices[0].lanes])
        for n in range(count):
            timing = timings[n]
            fire = ticks[n] + timing.to_fire
            if n + 1 < count:
                fire = max(fire, taken[n] + timing.from_word)
            opened[n] = fire + timing.to_open - timing.to_fire
            words = words_of(layers[n][step], choices[n])
            if own[n]:
                _, found = hand_over(words, fire + 1, opened[n], choices[n], own[n])
                own_tick[n] = found + 1
            if n + 1 < count:
                begin = max(fire + 1, tick_found[n])
                taken[n], tick_found[n] = hand_over(words, begin, ready[n + 1], choices[n + 1], rows[n + 1])
                ticks[n + 1] = max(tick_found[n], ready[n + 1] - 1) + 1
    return ticks[-1] + timings[-1].to_end + classes + 2
