"""Software for spiking networks: data sets, training, analysis."""
