// The extension module: the low-level session. The package `volley` is what users import.
#include "client/python/bind_session.hpp"

namespace py = pybind11;
using namespace pybind11::literals;
using volley::client::open_channel;
using volley::client::python::python_session;

PYBIND11_MODULE(_volley, module) {
  module.doc() = "The low-level session with a Volley kernel; see the package volley.";
  const auto open = [](const std::string& address, const std::string& token, const std::string& kernel,
                       const py::object& classes, py::function write_log, std::uint64_t first_generation) {
    return std::make_unique<python_session>([&] { return open_channel(address, first_generation, kernel); }, token,
                                            classes, std::move(write_log), kernel);
  };
  volley::client::python::bind_session(module).def(py::init(open), py::kw_only(), "address"_a, "token"_a, "kernel"_a,
                                                   "classes"_a, "write_log"_a, "first_generation"_a);
}
