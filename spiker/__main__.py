"""``python -m spiker``: the command line."""

import sys

from spiker.cli import main

if __name__ == "__main__":
    sys.exit(main())
