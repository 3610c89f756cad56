"""Pictures of trainings, spikes, membranes and signals: one file each."""

from sw.plots.membranes import draw_membranes
from sw.plots.picture import Picture
from sw.plots.raster import draw_raster
from sw.plots.receptive_fields import draw_receptive_fields
from sw.plots.stdp_progress import draw_stdp_progress
from sw.plots.training_curve import draw_training_curve, save_training_curve
from sw.plots.waveform import draw_waveforms

__all__ = [
    "Picture",
    "draw_membranes",
    "draw_raster",
    "draw_receptive_fields",
    "draw_stdp_progress",
    "draw_training_curve",
    "draw_waveforms",
    "save_training_curve",
]
