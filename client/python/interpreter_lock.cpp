#include "client/python/interpreter_lock.hpp"

#include <pthread.h>

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

namespace volley::client::python {
namespace {

namespace py = pybind11;
using namespace std::chrono_literals;

constexpr auto patience =
    1s;  // with a listener that goes on holding the lock, or waits for what the ending thread holds

class interpreter_watch {
 public:
  void open() {
    const std::lock_guard guard(mutex_);
    ending_ = std::thread::id();
  }

  void enter() {
    std::unique_lock guard(mutex_);
    // The ending thread may call on: other modules' functions run at exit too.
    while (ending_ != std::thread::id() && ending_ != std::this_thread::get_id()) {
      guard.unlock();
      std::this_thread::sleep_for(1h);
      guard.lock();
    }
    ++inside_;
  }

  void leave() {
    const std::lock_guard guard(mutex_);
    if (--inside_ == 0) nobody_inside_.notify_all();
  }

  /// Called by the ending thread, which holds the lock.
  void close() {
    const py::gil_scoped_release others_run;
    std::unique_lock guard(mutex_);
    ending_ = std::this_thread::get_id();
    nobody_inside_.wait_for(guard, patience, [this] { return inside_ == 0; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable nobody_inside_;
  std::thread::id ending_;  // none: the interpreter lives
  int inside_ = 0;
};

// Never destroyed: threads rest in it until the process is gone. A forked process has none of them, and gets another.
interpreter_watch* the_watch = new interpreter_watch;

interpreter_watch& watch() { return *the_watch; }

}  // namespace

void watch_interpreter() {
  ::pthread_atfork(nullptr, nullptr, [] { the_watch = new interpreter_watch; });
  watch().open();
  py::module_::import("atexit").attr("register")(py::cpp_function([] { watch().close(); }));
}

interpreter_needed::interpreter_needed() { watch().enter(); }
interpreter_needed::~interpreter_needed() { watch().leave(); }

}  // namespace volley::client::python
