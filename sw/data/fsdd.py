"""The Free Spoken Digit Dataset as spikes, in the layout of the Spiking Heidelberg Digits."""

from sw.data.shd import Shd


class Fsdd(Shd):
    """As SHD."""

    name = "fsdd"
    about = "Free Spoken Digit Dataset as spikes: spoken digits in English, 700 channels, 10 classes"
    files = ("fsdd_train.h5", "fsdd_test.h5")
    sources = ()
    duration = 0.644
