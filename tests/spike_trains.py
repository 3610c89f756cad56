"""Random spike trains, for hypothesis."""

import numpy as np
from hypothesis import strategies as st


@st.composite
def trains(draw, network, max_samples=4):
    """Trains of any density, none and all spikes among them."""
    shape = (draw(st.integers(1, max_samples)), network.steps, network.inputs)
    density = draw(st.sampled_from([0.0, 0.05, 0.3, 0.7, 1.0]))
    random = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    return (random.random(shape) < density).astype(np.uint8)
