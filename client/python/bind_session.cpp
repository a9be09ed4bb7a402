#include "client/python/bind_session.hpp"

#include "client/python/interpreter_lock.hpp"

namespace volley::client::python {

py::class_<python_session> bind_session(py::module_& module) {
  watch_interpreter();
  py::class_<python_session> session(module, "Session");
  session.def_property_readonly("generation", &python_session::generation)
      .def("create", &python_session::create, py::arg("model"), py::arg("count"), py::arg("params"),
           py::arg("positions") = py::none())
      .def("describe_nodes", &python_session::describe_nodes)
      .def("node_values", &python_session::node_values, py::arg("nodes"), py::arg("keys"),
           py::arg("events_after_ms") = wire::event_part().after_ms, py::arg("most_events") = wire::event_part().most)
      .def("set_node_values", &python_session::set_node_values)
      .def("match_nodes", &python_session::match_nodes)
      .def("connect", &python_session::connect)
      .def("tripartite_connect", &python_session::tripartite_connect)
      .def("connect_arrays", &python_session::connect_arrays, py::arg("sources"), py::arg("targets"),
           py::arg("synapse"), py::arg("of_rank") = false)
      .def("disconnect", &python_session::disconnect)
      .def("disconnect_connections", &python_session::disconnect_connections)
      .def("get_connections", &python_session::get_connections)
      .def("connection_values", &python_session::connection_values)
      .def("set_connection_values", &python_session::set_connection_values)
      .def("get_defaults", &python_session::get_defaults)
      .def("set_defaults", &python_session::set_defaults)
      .def("copy_model", &python_session::copy_model)
      .def("kernel_status", &python_session::kernel_status)
      .def("set_kernel_status", &python_session::set_kernel_status)
      .def("reset_kernel", &python_session::reset_kernel)
      .def("save", &python_session::save)
      .def("load", &python_session::load)
      .def("describe_saved", &python_session::describe_saved)
      .def("rescale", &python_session::rescale)
      .def("drain", &python_session::drain)
      .def("list_kernels", &python_session::list_kernels)
      .def("drop_kernel", &python_session::drop_kernel)
      .def("prepare", &python_session::prepare)
      .def("cleanup", &python_session::cleanup)
      .def("run", &python_session::run)
      .def("simulate", &python_session::simulate)
      .def("cancel", &python_session::cancel)
      .def("evaluate", &python_session::evaluate)
      .def("describe_space", &python_session::describe_space)
      .def("get_positions", &python_session::get_positions)
      .def("displace", &python_session::displace)
      .def("find_nearest", &python_session::find_nearest)
      .def("select_by_mask", &python_session::select_by_mask)
      .def("test_mask", &python_session::test_mask);
  return session;
}

}  // namespace volley::client::python
