// The Python class of the low-level session.
#pragma once
#include "client/python/python_session.hpp"

namespace volley::client::python {

/// Adds the class `Session` to a module, without a constructor: the module says how a session is opened.
py::class_<python_session> bind_session(py::module_& module);

}  // namespace volley::client::python
