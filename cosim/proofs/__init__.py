"""Proofs about the generated hardware, for all inputs."""
