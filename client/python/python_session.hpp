// The low-level session of the package `volley`: one typed method per request, without the GIL while it waits.
#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "client/cpp/conversation.hpp"
#include "client/python/from_python.hpp"
#include "client/python/to_python.hpp"

namespace volley::client::python {

/// Python's `_volley.Session`. Errors become the Python exceptions that their kinds name. Ctrl-C cancels a running
/// simulation at the next interval's end and raises KeyboardInterrupt when that has come; once more, the call is given
/// up.
class python_session {
 public:
  /// `open` connects, and may throw client::error. `classes`: a volley.marshalling.class_table. `write_log(severity,
  /// text)` gets the kernel's log. `kernel`: its name, see client::Session.
  python_session(const std::function<std::unique_ptr<channel>()>& open, const std::string& token,
                 const py::object& classes, py::function write_log, const std::string& kernel = {});

  std::uint64_t generation() const { return kernel_->generation(); }

  py::object create(const py::object& model, std::int64_t count, const py::object& params, const py::object& positions);
  py::object describe_nodes(const py::object& nodes);
  /// The last two choose among the events of recorders.
  py::object node_values(const py::object& nodes, const py::object& keys, double events_after_ms,
                         std::uint64_t most_events);
  void set_node_values(const py::object& nodes, const py::object& values);
  py::object match_nodes(const py::dict& properties);

  void connect(const py::object& sources, const py::object& targets, const py::dict& rule,
               const std::vector<py::dict>& synapses);
  void tripartite_connect(const py::object& sources, const py::object& targets, const py::object& third,
                          const py::dict& rule, const py::dict& third_rule, const std::vector<py::dict>& primary,
                          const std::vector<py::dict>& third_in, const std::vector<py::dict>& third_out);
  void connect_arrays(const py::object& sources, const py::object& targets, const py::dict& synapse, bool of_rank);
  void disconnect(const py::object& sources, const py::object& targets, const py::dict& rule, const py::dict& synapse);
  void disconnect_connections(const py::object& connections);
  py::object get_connections(const py::object& source, const py::object& target, const py::object& model,
                             std::optional<std::int64_t> label);
  py::object connection_values(const py::object& connections, const py::object& keys);
  void set_connection_values(const py::object& connections, const py::object& values);

  py::object get_defaults(const py::object& model);
  void set_defaults(const py::object& model, const py::dict& values);
  void copy_model(const py::object& existing, const py::object& copy, const py::dict& values);
  py::object kernel_status(const py::object& keys);
  void set_kernel_status(const py::dict& values);
  void reset_kernel();

  void save(const py::object& path);
  void load(const py::object& path);
  py::object describe_saved(const py::object& path);
  void rescale(std::int64_t vps);
  void drain(std::uint32_t worker);
  py::object list_kernels();
  void drop_kernel(const py::object& name);

  void prepare();
  void cleanup();
  /// `report(began_ms, now_ms, end_ms, wall_s)` is called while it runs; None for silence.
  void run(double duration_ms, const py::object& report);
  void simulate(double duration_ms, const py::object& report);
  /// Ends the running job, if any, at the next interval's end; by any thread, while another waits for the job.
  void cancel();

  py::object evaluate(const py::object& parameter, const py::object& nodes, const py::object& targets);

  py::object describe_space(const py::object& nodes);
  py::object get_positions(const py::object& nodes);
  py::object displace(const py::object& from, const py::object& to, bool distances);
  py::object find_nearest(const py::object& layer, const py::object& locations, bool all);
  py::object select_by_mask(const py::object& layer, const py::object& anchor, const py::dict& mask);
  py::object test_mask(const py::dict& mask, const py::object& points);

 private:
  Value value_or_none(const py::object& object, const char* key) const;
  listeners ears();
  bool interrupted();
  void guarded(const std::function<void()>& call);
  void raise_interrupt();
  template <class Write> protocol::body written(Write&& write);
  template <class T, class Write> T ask(Write&& write);
  template <class Write> void order(Write&& write);
  std::vector<Dictionary> dictionaries(const std::vector<py::dict>& all) const;
  void run_job(protocol::body request, const py::object& report);

  python_classes classes_;
  from_python in_;
  to_python out_;
  py::function write_log_;
  py::object report_;  // of the running job
  std::optional<py::error_already_set> interrupt_;
  std::shared_ptr<conversation> kernel_;
};

}  // namespace volley::client::python
