// Python's global lock, taken and given up by threads that may outlive the interpreter. Once it ends, Python unwinds by
// force any thread that asks for the lock, and no C++ frame survives that; such a thread rests until the process is gone.
#pragma once
#include <pybind11/pybind11.h>

#include <chrono>
#include <thread>

namespace volley::client::python {

inline void rest_if_python_ends() {
  while (_Py_IsFinalizing() != 0) std::this_thread::sleep_for(std::chrono::hours(1));
}

/// Holds the lock while it lives.
class lock_held {
  struct python_lives {
    python_lives() { rest_if_python_ends(); }
  };
  python_lives first_;  // before the lock is asked for
  pybind11::gil_scoped_acquire lock_;
};

/// Leaves the lock to other threads while it lives.
class lock_free {
 public:
  lock_free() = default;
  lock_free(const lock_free&) = delete;
  lock_free& operator=(const lock_free&) = delete;
  ~lock_free() { rest_if_python_ends(); }  // before the member asks for the lock again

 private:
  pybind11::gil_scoped_release others_run_;
};

}  // namespace volley::client::python
