"""Memories of weights: how they are split into block RAMs, their hardware, and files of their contents."""
