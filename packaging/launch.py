"""The frozen app's entry: the same as `alcove`. Children are spawned from it, too."""

import sys

from assistant.__main__ import main

if __name__ == "__main__":
    sys.exit(main())
