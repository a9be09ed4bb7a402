from volley.raster_plot import *
