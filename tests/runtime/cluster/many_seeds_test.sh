#!/bin/bash
VOLLEY_SEEDS=10000 exec "$1" --gtest_filter='world.*' "--gtest_output=xml:$XML_OUTPUT_FILE"
