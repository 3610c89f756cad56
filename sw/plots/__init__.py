"""Pictures of trainings, spikes, membranes and signals: one file each."""

from sw.plots.membranes import draw_membranes
from sw.plots.picture import Picture
from sw.plots.quantization_curve import draw_quantization_curve, save_quantization_curve
from sw.plots.raster import draw_raster
from sw.plots.training_curve import draw_training_curve, save_training_curve
from sw.plots.waveform import draw_waveforms

__all__ = [
    "Picture",
    "draw_membranes",
    "draw_quantization_curve",
    "draw_raster",
    "draw_training_curve",
    "draw_waveforms",
    "save_quantization_curve",
    "save_training_curve",
]
