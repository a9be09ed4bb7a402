// A tiny extension that converts a Python object to a value of the API and back, to test both without a kernel.
#include <pybind11/pybind11.h>

#include "client/python/from_python.hpp"
#include "client/python/to_python.hpp"

namespace py = pybind11;
using namespace volley::client::python;

PYBIND11_MODULE(conversion_probe, module) {
  // -> (name of the value's type, the value as a Python object again)
  module.def("there_and_back", [](const py::object& object, const py::object& classes) {
    const python_classes known(classes);
    const auto value = from_python(known).value(object, "probe");
    return py::make_tuple(volley::client::type_name(value), to_python(known).value(value));
  });
  module.def("raise_error", [](const std::string& kind, const std::string& message, const py::object& classes) {
    raise_error(python_classes(classes), kind, message.c_str());
  });
}
