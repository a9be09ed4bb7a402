from volley.visualization import *
