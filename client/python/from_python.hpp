// Python objects as values of the API, by PyNEST's rules: the first element of a sequence decides its type. Arrays of
// two dimensions are matrices, lists of lists are lists.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include <pybind11/numpy.h>
#include "client/cpp/node_collection.hpp"
#include "client/cpp/parameter.hpp"
#include "client/cpp/synapse_collection.hpp"
#include "client/cpp/value.hpp"
#include "client/python/python_classes.hpp"

namespace volley::client::python {

/// Reads Python objects. The results refer to the memory of numpy arrays: use and destroy them while holding the GIL.
class from_python {
 public:
  explicit from_python(const python_classes& classes) : classes_(classes) {}

  /// `key` names the object in messages. Throws AttributeError for a type that has no counterpart, TypeError for mixed
  /// sequences, OverflowError for integers beyond int64, ValueError for texts with half of a surrogate pair, for arrays
  /// of more than two dimensions, for dictionaries with more keys than a message takes, and for dictionaries and lists
  /// nested deeper than that, or in themselves.
  Value value(py::handle object, const std::string& key) const;
  Dictionary dictionary(const py::dict& object) const;

  /// A text, and a sequence of texts. Throw TypeError for other types, and ValueError for texts with half of a
  /// surrogate pair.
  std::string text(py::handle object, const std::string& key) const;
  std::vector<std::string> keys(py::handle object) const;

  /// Of volley.NodeCollection, volley.SynapseCollection and volley.Parameter. Throw TypeError for another class, and
  /// ValueError for what none of them holds.
  NodeCollection nodes(py::handle object) const;
  SynapseCollection synapses(py::handle object) const;
  Parameter parameter(py::handle object) const;

 private:
  std::optional<Value> scalar(py::handle object, const std::string& key) const;
  Value sequence(const py::sequence& items, const std::string& key) const;
  Value numbers(const py::sequence& items, const std::string& key) const;
  Value mixed(const py::sequence& items, const std::string& key) const;
  Value array(py::array items, const std::string& key) const;

  const python_classes& classes_;
  mutable int level_ = 0;  // of the dictionary or list that is being read
};

/// A C-contiguous int64 column. Throws TypeError for anything that is no array of integers.
Column<std::int64_t> int64_column(py::handle array);

}  // namespace volley::client::python
