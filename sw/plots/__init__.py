"""Pictures of networks, trainings, spikes, membranes and signals: one file each.

Each function gives a `Picture`: a matplotlib figure, which has the numbers that it shows in its `data`.
"""

from sw.plots.accuracy_over_steps import draw_accuracy_over_steps
from sw.plots.confusion import draw_confusion_matrix
from sw.plots.cycles import draw_cycles
from sw.plots.membranes import draw_membranes
from sw.plots.operations import draw_operations
from sw.plots.picture import Picture
from sw.plots.quantization_curve import draw_quantization_curve, save_quantization_curve
from sw.plots.raster import draw_raster
from sw.plots.rates import draw_rates
from sw.plots.receptive_fields import draw_receptive_fields, require_picture_shape
from sw.plots.saturation import draw_saturations
from sw.plots.sparsity import draw_sparsity
from sw.plots.stdp_progress import draw_stdp_progress
from sw.plots.training_curve import draw_training_curve, save_training_curve
from sw.plots.waveform import draw_waveforms
from sw.plots.weights import draw_weights

__all__ = [
    "Picture",
    "draw_accuracy_over_steps",
    "draw_confusion_matrix",
    "draw_cycles",
    "draw_membranes",
    "draw_operations",
    "draw_quantization_curve",
    "draw_raster",
    "draw_rates",
    "draw_receptive_fields",
    "draw_saturations",
    "draw_sparsity",
    "draw_stdp_progress",
    "draw_training_curve",
    "draw_waveforms",
    "draw_weights",
    "require_picture_shape",
    "save_quantization_curve",
    "save_training_curve",
]
