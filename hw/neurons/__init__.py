"""The neurons of a layer: adders, and where their states are kept."""
