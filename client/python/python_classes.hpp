// The classes of the package `volley` that values of the kernel become, handed over by Python when a session is opened.
#pragma once
#include <pybind11/pybind11.h>
#include <pybind11/stl.h>

namespace volley::client::python {

namespace py = pybind11;

/// The name of an attribute, for lookups at every call: from a C string, each would make a text of it first.
inline py::object interned(const char* name) {
  return py::reinterpret_steal<py::object>(PyUnicode_InternFromString(name));
}

/// volley.marshalling.class_table.
struct python_classes {
  explicit python_classes(const py::object& table)
      : nodes(table.attr("nodes")),
        synapses(table.attr("synapses")),
        parameter(table.attr("parameter")),
        exception_for(table.attr("exception_for")) {}

  py::object nodes, synapses, parameter, exception_for;
  const py::object ids = interned("_ids"), ranges = interned("ranges"), generation = interned("_generation"),
                   sources = interned("_sources"), targets = interned("_targets"), models = interned("_models"),
                   ports = interned("_ports");
};

}  // namespace volley::client::python
