from volley.math import *
