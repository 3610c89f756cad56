"""Unsupervised learning by spike timing (STDP), off-line; labels are assigned afterwards."""

from sw.stdp.train import StdpResult, settings_of, train

Result = StdpResult
"""What `train` gives, by the name that it has in every package that trains."""

__all__ = ["Result", "StdpResult", "settings_of", "train"]
