from volley.ll_api import *
