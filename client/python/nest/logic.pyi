from volley.logic import *
