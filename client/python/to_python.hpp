// Values of the API as Python objects; columns, and lists of matrices of one shape, become numpy arrays.
#pragma once
#include "client/cpp/node_collection.hpp"
#include "client/cpp/synapse_collection.hpp"
#include "client/cpp/value.hpp"
#include "client/python/python_classes.hpp"

namespace volley::client::python {

/// Makes Python objects. Call with the GIL held.
class to_python {
 public:
  explicit to_python(const python_classes& classes) : classes_(classes) {}

  py::object value(const Value& from) const;
  py::dict dictionary(const Dictionary& from) const;
  py::object nodes(const NodeCollection& from) const;
  py::object synapses(const SynapseCollection& from) const;

 private:
  py::object parameter(const Parameter& from) const;

  const python_classes& classes_;
};

/// Raises the Python exception that an error's kind names.
[[noreturn]] void raise_error(const python_classes& classes, const std::string& kind, const char* message);

}  // namespace volley::client::python
