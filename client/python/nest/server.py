"""`import nest.server`: the module of `volley`."""

import importlib
import sys

sys.modules[__name__] = importlib.import_module("volley.server")
