// The low-level session over a fake kernel, so that Python tests can say what the kernel does while a call waits.
#include "client/python/bind_session.hpp"
#include "tests/client/cpp/fake_kernel.hpp"

namespace py = pybind11;
using namespace volley::client;
using volley::client::python::python_session;
namespace protocol = volley::protocol;

namespace {

protocol::header last_request(fake_kernel& kernel) { return kernel.sent().back().head(); }

/// The frame of the running job: what came last before any cancel.
protocol::header job(fake_kernel& kernel) {
  const auto sent = kernel.sent();
  for (auto f = sent.rbegin(); f != sent.rend(); ++f) {
    bool found = false;
    protocol::read_message<protocol::Request>(f->body(),
                                              [&](auto request) { found = request.isSimulate() || request.isRun(); });
    if (found) return f->head();
  }
  throw std::logic_error("no job was started");
}

void push_progress(fake_kernel& kernel, double now_ms) {
  kernel.push(protocol::frame_kind::event, job(kernel), protocol::write_message<protocol::Event>([&](auto event) {
                auto progress = event.initProgress();
                progress.setNowMs(now_ms);
                progress.setEndMs(100);
                progress.setWallSeconds(0.5);
              }));
}

void fail_all(fake_kernel& kernel, const std::string& kind, const std::string& message) {
  kernel.answers([=](auto, protocol::Reply::Builder reply) {
    reply.initError().setKind(kind);
    reply.getError().setMessage(message);
    reply.initLog(1)[0].setSeverity(30);
    reply.getLog()[0].setText("failed");
  });
}

}  // namespace

PYBIND11_MODULE(session_probe, module) {
  py::class_<fake_kernel, std::shared_ptr<fake_kernel>>(module, "Kernel")
      .def(py::init())
      .def("holds", &fake_kernel::holds)
      .def("dies", &fake_kernel::dies)
      .def("refuses", &fake_kernel::refuses)
      .def("fail_all", &fail_all)
      .def("requests", [](fake_kernel& kernel) { return kernel.sent().size() - 1; })
      .def("cancels", [](fake_kernel& kernel) { return kernel.count_of(protocol::Request::CANCEL); })
      .def("end_job", [](fake_kernel& kernel) { kernel.push_reply(job(kernel)); })
      .def("reply_to_last", [](fake_kernel& kernel) { kernel.push_reply(last_request(kernel)); })
      .def("push_progress", &push_progress);
  const auto open = [](std::shared_ptr<fake_kernel> kernel, const py::object& classes, py::function write_log) {
    return std::make_unique<python_session>([&] { return std::make_unique<fake_channel>(kernel); }, "", classes,
                                            write_log);
  };
  volley::client::python::bind_session(module).def(py::init(open));
}
