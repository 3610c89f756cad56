"""Control of a layer: what its adders do when."""
