"""What a network does on samples, in numbers: answers, spikes, saturation, operations, cycles; without torch.

`analyse` works all of them out in one go; the dataclasses can be made one by one too. `sw.plots` draws
them, `sw.report` makes a page of them.
"""

from sw.analysis.activity import Activity
from sw.analysis.analysis import Analysis, SampleTrace, analyse
from sw.analysis.answers import Answers
from sw.analysis.memory import MemoryBits, memory_bits
from sw.analysis.operations import Operations
from sw.analysis.saturation import Saturation
from sw.analysis.weights import WeightCounts, weight_counts

__all__ = [
    "Activity",
    "Analysis",
    "Answers",
    "MemoryBits",
    "Operations",
    "SampleTrace",
    "Saturation",
    "WeightCounts",
    "analyse",
    "memory_bits",
    "weight_counts",
]
