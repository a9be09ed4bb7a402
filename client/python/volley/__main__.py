"""`python3 -m volley`: see `command`."""

import sys

from .command import main

sys.exit(main())
