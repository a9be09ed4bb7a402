from volley.voltage_trace import *
