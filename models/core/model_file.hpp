// For sources that are compiled once for each model (bazel/models.bzl): #include VOLLEY_MODEL_FILE(models/neurons) is
// the file of the model that the macro VOLLEY_MODEL names.
#pragma once

#define VOLLEY_QUOTED_(text) #text
#define VOLLEY_QUOTED(text) VOLLEY_QUOTED_(text)
// clang-format off
#define VOLLEY_MODEL_FILE(folder) VOLLEY_QUOTED(folder/VOLLEY_MODEL.hpp)
// clang-format on
