"""How learning without labels goes, part by part."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Part:
    """A part's figures.

    Attributes
    ----------
    samples : int
        Learned so far.
    spikes : float
        Of the layer, a sample, in the mean.
    silent : float
        Part of the samples for which no neuron fired, 0 to 1.
    threshold : float
        Mean over the neurons, at the end.
    used : float
        Part of the neurons that fired at all, 0 to 1.
    accuracy : float
        Of the part's samples, those classified as labelled by what each neuron answered in the part
        before; not a number in the first part.
    """

    samples: int
    spikes: float
    silent: float
    threshold: float
    used: float
    accuracy: float
