// Python's global lock, taken and given up by threads that may outlive the interpreter. Once it ends, Python unwinds by
// force any thread that waits for the lock, and no C++ frame survives that: before the end, those that wait get it once
// more, and who asks later rests until the process is gone.
#pragma once
#include <pybind11/pybind11.h>

#include <optional>

namespace volley::client::python {

/// Learns of the interpreter's end from now on. Call with the lock held, once for an interpreter.
void watch_interpreter();

/// A stretch in which a thread may ask for the lock. Its begin rests for ever if the interpreter is about to end.
class interpreter_needed {
 public:
  interpreter_needed();
  interpreter_needed(const interpreter_needed&) = delete;
  interpreter_needed& operator=(const interpreter_needed&) = delete;
  ~interpreter_needed();
};

/// Holds the lock while it lives.
class lock_held {
  interpreter_needed first_;  // before the lock is asked for
  pybind11::gil_scoped_acquire lock_;
};

/// Leaves the lock to other threads while it lives.
class lock_free {
 public:
  lock_free() : others_run_(std::in_place) {}
  lock_free(const lock_free&) = delete;
  lock_free& operator=(const lock_free&) = delete;
  ~lock_free() {
    const interpreter_needed until_it_is_back;
    others_run_.reset();
  }

 private:
  std::optional<pybind11::gil_scoped_release> others_run_;
};

}  // namespace volley::client::python
