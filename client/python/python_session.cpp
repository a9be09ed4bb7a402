#include "client/python/python_session.hpp"

#include <utility>

#include "client/cpp/error.hpp"
#include "client/python/interpreter_lock.hpp"

namespace volley::client::python {

python_session::python_session(const std::function<std::unique_ptr<channel>()>& open, const std::string& token,
                               const py::object& classes, py::function write_log, const std::string& kernel)
    : classes_(classes), in_(classes_), out_(classes_), write_log_(std::move(write_log)) {
  guarded([&] {
    kernel_ = conversation::open(open(), token, kernel);
    kernel_->listen(ears());
  });
}

/// All are called by the thread that waits for the call, which does not hold the GIL then.
listeners python_session::ears() {
  listeners to;
  to.on_log = [this](const log_entry& entry) {
    const lock_held gil;
    write_log_(entry.severity, entry.text);
  };
  to.on_progress = [this](const progress& now) {
    if (!report_) return;
    const lock_held gil;
    report_(now.began_ms, now.now_ms, now.end_ms, now.wall_seconds);
  };
  to.interrupted = [this] { return interrupted(); };
  return to;
}

bool python_session::interrupted() {
  const lock_held gil;
  if (PyErr_CheckSignals() == 0) return false;
  interrupt_.emplace();  // takes the exception that the signal's handler raised
  return true;
}

void python_session::raise_interrupt() {
  if (interrupt_) throw *std::exchange(interrupt_, std::nullopt);
}

/// The call without the GIL; its errors, and the exception of a signal that came meanwhile, as Python exceptions.
void python_session::guarded(const std::function<void()>& call) {
  try {
    const lock_free waiting;
    call();
  } catch (const error& fault) {
    raise_interrupt();
    raise_error(classes_, fault.kind(), fault.what());
  }
  raise_interrupt();
}

/// A request is written with the GIL, since it may refer to the memory of numpy arrays.
template <class Write> protocol::body python_session::written(Write&& write) {
  try {
    return write();
  } catch (const error& fault) {
    raise_error(classes_, fault.kind(), fault.what());
  }
}

template <class T, class Write> T python_session::ask(Write&& write) {
  auto request = written(write);
  std::optional<T> result;
  guarded([&] { result = kernel_->ask<T>(std::move(request)); });
  return std::move(*result);
}

template <class Write> void python_session::order(Write&& write) {
  auto request = written(write);
  guarded([&] { kernel_->order(std::move(request)); });
}

void python_session::run_job(protocol::body request, const py::object& report) {
  if (!report.is_none() && PyCallable_Check(report.ptr()) == 0)
    throw py::type_error("report is a function of four numbers, or None");
  struct reporting {
    py::object& slot;
    ~reporting() { slot = py::object(); }
  } until_the_end{report_};
  report_ = report.is_none() ? py::object() : report;
  guarded([&] { kernel_->run_job(std::move(request)); });
}

Value python_session::value_or_none(const py::object& object, const char* key) const {
  return object.is_none() ? Value() : in_.value(object, key);
}

// ---- nodes

py::object python_session::create(const py::object& model, std::int64_t count, const py::object& params,
                                  const py::object& positions) {
  const Value values = value_or_none(params, "params"), where = value_or_none(positions, "positions");
  return out_.nodes(
      ask<NodeCollection>([&] { return wire::create_nodes(in_.text(model, "model"), count, values, where); }));
}

py::object python_session::describe_nodes(const py::object& nodes) {
  return out_.value(ask<Value>([&] { return wire::describe_nodes(in_.nodes(nodes)); }));
}

py::object python_session::node_values(const py::object& nodes, const py::object& keys, double events_after_ms,
                                       std::uint64_t most_events) {
  return out_.value(ask<Value>([&] {
    return wire::get_node_values(in_.nodes(nodes), in_.keys(keys), {events_after_ms, most_events});
  }));
}

void python_session::set_node_values(const py::object& nodes, const py::object& values) {
  order([&] { return wire::set_node_values(in_.nodes(nodes), in_.value(values, "params")); });
}

py::object python_session::match_nodes(const py::dict& properties) {
  return out_.nodes(ask<NodeCollection>([&] { return wire::match_nodes(in_.dictionary(properties)); }));
}

// ---- connections

void python_session::connect(const py::object& sources, const py::object& targets, const py::dict& rule,
                             const std::vector<py::dict>& synapses) {
  order([&] {
    return wire::connect(in_.nodes(sources), in_.nodes(targets), in_.dictionary(rule), dictionaries(synapses));
  });
}

std::vector<Dictionary> python_session::dictionaries(const std::vector<py::dict>& all) const {
  std::vector<Dictionary> read;
  for (const auto& one : all) read.push_back(in_.dictionary(one));
  return read;
}

void python_session::tripartite_connect(const py::object& sources, const py::object& targets, const py::object& third,
                                        const py::dict& rule, const py::dict& third_rule,
                                        const std::vector<py::dict>& primary, const std::vector<py::dict>& third_in,
                                        const std::vector<py::dict>& third_out) {
  order([&] {
    return wire::tripartite_connect(in_.nodes(sources), in_.nodes(targets), in_.nodes(third), in_.dictionary(rule),
                                    in_.dictionary(third_rule), dictionaries(primary), dictionaries(third_in),
                                    dictionaries(third_out));
  });
}

void python_session::connect_arrays(const py::object& sources, const py::object& targets, const py::dict& synapse,
                                    bool of_rank) {
  const auto from = int64_column(sources), to = int64_column(targets);
  order([&] { return wire::connect_arrays(from.view(), to.view(), in_.dictionary(synapse), of_rank); });
}

void python_session::disconnect(const py::object& sources, const py::object& targets, const py::dict& rule,
                                const py::dict& synapse) {
  order([&] {
    return wire::disconnect(in_.nodes(sources), in_.nodes(targets), in_.dictionary(rule), in_.dictionary(synapse));
  });
}

void python_session::disconnect_connections(const py::object& connections) {
  order([&] { return wire::disconnect(in_.synapses(connections)); });
}

py::object python_session::get_connections(const py::object& source, const py::object& target, const py::object& model,
                                           std::optional<std::int64_t> label) {
  const auto nodes_or_any = [&](const py::object& some) {
    return some.is_none() ? std::nullopt : std::optional(in_.nodes(some));
  };
  const auto pointer_to = [](const std::optional<NodeCollection>& some) { return some ? &*some : nullptr; };
  const auto sources = nodes_or_any(source), targets = nodes_or_any(target);
  return out_.synapses(ask<SynapseCollection>([&] {
    const auto name = model.is_none() ? std::string() : in_.text(model, "synapse_model");
    return wire::get_connections(pointer_to(sources), pointer_to(targets), name, label.value_or(-1));
  }));
}

py::object python_session::connection_values(const py::object& connections, const py::object& keys) {
  return out_.value(ask<Value>([&] { return wire::get_connection_values(in_.synapses(connections), in_.keys(keys)); }));
}

void python_session::set_connection_values(const py::object& connections, const py::object& values) {
  order([&] { return wire::set_connection_values(in_.synapses(connections), in_.value(values, "params")); });
}

// ---- models and status

py::object python_session::get_defaults(const py::object& model) {
  return out_.value(ask<Value>([&] { return wire::get_defaults(in_.text(model, "model")); }));
}

void python_session::set_defaults(const py::object& model, const py::dict& values) {
  order([&] { return wire::set_defaults(in_.text(model, "model"), in_.dictionary(values)); });
}

void python_session::copy_model(const py::object& existing, const py::object& copy, const py::dict& values) {
  order(
      [&] { return wire::copy_model(in_.text(existing, "existing"), in_.text(copy, "new"), in_.dictionary(values)); });
}

py::object python_session::kernel_status(const py::object& keys) {
  return out_.value(ask<Value>([&] { return wire::get_kernel_status(in_.keys(keys)); }));
}

void python_session::set_kernel_status(const py::dict& values) {
  order([&] { return wire::set_kernel_status(in_.dictionary(values)); });
}

void python_session::reset_kernel() {
  order([&] { return wire::reset_kernel(); });
}

// ---- saved networks

void python_session::save(const py::object& path) {
  order([&] { return wire::save(in_.text(path, "path")); });
}

void python_session::load(const py::object& path) {
  order([&] { return wire::load(in_.text(path, "path")); });
}

py::object python_session::describe_saved(const py::object& path) {
  return out_.value(ask<Value>([&] { return wire::describe_saved(in_.text(path, "path")); }));
}

void python_session::rescale(std::int64_t vps) {
  order([&] { return wire::rescale(vps); });
}

void python_session::drain(std::uint32_t worker) {
  order([&] { return wire::drain(worker); });
}

py::object python_session::list_kernels() {
  return out_.value(ask<Value>([&] { return wire::list_kernels(); }));
}

void python_session::drop_kernel(const py::object& name) {
  order([&] { return wire::drop_kernel(in_.text(name, "name")); });
}

// ---- simulation

void python_session::prepare() {
  order([&] { return wire::prepare(); });
}

void python_session::cleanup() {
  order([&] { return wire::cleanup(); });
}

void python_session::run(double duration_ms, const py::object& report) { run_job(wire::run(duration_ms), report); }

void python_session::simulate(double duration_ms, const py::object& report) {
  run_job(wire::simulate(duration_ms), report);
}

// Not guarded: an interrupt is for the thread that waits for the job.
void python_session::cancel() {
  try {
    const lock_free waiting;
    kernel_->cancel();
  } catch (const error& fault) {
    raise_error(classes_, fault.kind(), fault.what());
  }
}

// ---- parameters

py::object python_session::evaluate(const py::object& parameter, const py::object& nodes, const py::object& targets) {
  const Parameter expression = in_.parameter(parameter);
  if (nodes.is_none()) return out_.value(ask<Value>([&] { return wire::evaluate(expression, nullptr); }));
  const NodeCollection where = in_.nodes(nodes);
  const Value to = value_or_none(targets, "positions");
  return out_.value(ask<Value>([&] { return wire::evaluate(expression, &where, to); }));
}

// ---- space

py::object python_session::describe_space(const py::object& nodes) {
  return out_.value(ask<Value>([&] { return wire::describe_space(in_.nodes(nodes)); }));
}

py::object python_session::get_positions(const py::object& nodes) {
  return out_.value(ask<Value>([&] { return wire::get_positions(in_.nodes(nodes)); }));
}

py::object python_session::displace(const py::object& from, const py::object& to, bool distances) {
  return out_.value(ask<Value>([&] {
    if (!py::isinstance(from, classes_.nodes))
      return wire::displace(nullptr, in_.value(from, "from_arg"), in_.nodes(to), distances);
    const NodeCollection nodes = in_.nodes(from);
    return wire::displace(&nodes, {}, in_.nodes(to), distances);
  }));
}

py::object python_session::find_nearest(const py::object& layer, const py::object& locations, bool all) {
  const Value where = value_or_none(locations, "locations");
  return out_.value(ask<Value>([&] { return wire::find_nearest(in_.nodes(layer), where, all); }));
}

py::object python_session::select_by_mask(const py::object& layer, const py::object& anchor, const py::dict& mask) {
  return out_.nodes(ask<NodeCollection>(
      [&] { return wire::select_by_mask(in_.nodes(layer), in_.value(anchor, "anchor"), in_.dictionary(mask)); }));
}

py::object python_session::test_mask(const py::dict& mask, const py::object& points) {
  if (points.is_none()) {
    order([&] { return wire::test_mask(in_.dictionary(mask), {}); });
    return py::none();
  }
  return out_.value(ask<Value>([&] { return wire::test_mask(in_.dictionary(mask), in_.value(points, "point")); }));
}

}  // namespace volley::client::python
