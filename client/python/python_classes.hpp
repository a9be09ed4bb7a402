// The classes of the package `volley` that values of the kernel become, handed over by Python when a session is opened.
#pragma once
#include <pybind11/pybind11.h>
#include <pybind11/stl.h>

namespace volley::client::python {

namespace py = pybind11;

/// volley.marshalling.class_table.
struct python_classes {
  explicit python_classes(const py::object& table)
      : nodes(table.attr("nodes")),
        synapses(table.attr("synapses")),
        parameter(table.attr("parameter")),
        exception_for(table.attr("exception_for")) {}

  py::object nodes, synapses, parameter, exception_for;
};

}  // namespace volley::client::python
