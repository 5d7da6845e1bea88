"""Start fieldkit with ``python -m fieldkit``."""

import sys

from fieldkit.cli import main

if __name__ == "__main__":
    sys.exit(main())
