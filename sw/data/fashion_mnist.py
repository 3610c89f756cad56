"""Fashion-MNIST: pictures of clothes in IDX files of MNIST's names."""

from sw.data.mnist import Mnist
from sw.data.sources import Source

PUBLISHED = "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com"


class FashionMnist(Mnist):
    """As MNIST."""

    name = "fashion-mnist"
    about = "clothes, 28 x 28 pixels, 10 classes"
    sources = (
        Source(f"{PUBLISHED}/train-images-idx3-ubyte.gz", "8d4fb7e6c68d591d4c3dfef9ec88bf0d"),
        Source(f"{PUBLISHED}/train-labels-idx1-ubyte.gz", "25c81989df183df01b3e8a0aad5dffbe"),
        Source(f"{PUBLISHED}/t10k-images-idx3-ubyte.gz", "bef4ecab320f06d8554ea6380940ec79"),
        Source(f"{PUBLISHED}/t10k-labels-idx1-ubyte.gz", "bb300cfdad3c16e7a12a480ee83cd310"),
    )
