from volley.random import *
