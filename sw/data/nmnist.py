"""N-MNIST: MNIST's pictures, seen by an event camera that moves."""

from pydantic import Field

from sw.data.camera import Camera, CameraOptions


class NmnistOptions(CameraOptions):
    """The sensor of the recordings."""

    columns: int = Field(34, ge=1, le=256)
    rows: int = Field(34, ge=1, le=256)


class Nmnist(Camera):
    """Recordings of 0.3 s, two polarities of 34 x 34 pixels."""

    name = "nmnist"
    about = "N-MNIST: handwritten digits before an event camera, 2 x 34 x 34 inputs, 10 classes"
    files = ("Train/<class>/*.bin or Train.zip", "Test/<class>/*.bin or Test.zip")
    options_type = NmnistOptions
    ending = ".bin"
    places = {"train": ("Train", "Train.zip"), "test": ("Test", "Test.zip")}  # noqa: RUF012
    duration = 0.3
