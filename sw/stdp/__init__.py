"""Unsupervised learning by spike timing (STDP), off-line; labels are assigned afterwards."""

from sw.stdp.train import StdpResult, train

__all__ = ["StdpResult", "train"]
