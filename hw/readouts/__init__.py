"""From the last layer's states and spikes to the answer."""
