"""Where networks are trained: the only place that chooses."""

import torch


def training_device() -> torch.device:
    """The GPU (CUDA) where PyTorch has one, otherwise the CPU.

    Products are set to full precision for the whole process, whatever was chosen before.
    """
    # TensorFloat-32 keeps 11 bits of a factor, bfloat16 8: sums of integers would not be exact
    torch.set_float32_matmul_precision("highest")
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")
