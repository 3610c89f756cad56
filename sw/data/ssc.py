"""Spiking Speech Commands, in the layout of the Spiking Heidelberg Digits."""

from sw.data.shd import PUBLISHED, Shd
from sw.data.sources import Source


class Ssc(Shd):
    """As SHD; its validation file isn't read."""

    name = "ssc"
    about = "Spiking Speech Commands: spoken words, 700 channels, 35 classes"
    files = ("ssc_train.h5", "ssc_test.h5")
    sources = (
        Source(f"{PUBLISHED}/ssc_train.h5.zip", "d102be95e7144fcc0553d1f45ba94170"),
        Source(f"{PUBLISHED}/ssc_test.h5.zip", "a35ff1e9cffdd02a20eb850c17c37748"),
    )
    duration = 1.0
