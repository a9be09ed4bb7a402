#include "client/python/from_python.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <string_view>
#include <utility>

namespace volley::client::python {
namespace {

[[noreturn]] void raise(PyObject* kind, const std::string& message) {
  PyErr_SetString(kind, message.c_str());
  throw py::error_already_set();
}

std::string type_of(py::handle object) { return Py_TYPE(object.ptr())->tp_name; }

[[noreturn]] void raise_no_counterpart(py::handle object, const std::string& key) {
  raise(PyExc_AttributeError, "'" + key + "': a value of type " + type_of(object) + " cannot be given to the kernel");
}

bool is_numpy_scalar(py::handle object) { return py::hasattr(object, "dtype") && !py::isinstance<py::array>(object); }

char kind_of(py::handle numpy_object) { return numpy_object.attr("dtype").attr("kind").cast<char>(); }

std::int64_t int64_of(py::handle integer) {
  const auto index = py::reinterpret_steal<py::object>(PyNumber_Index(integer.ptr()));
  if (!index) throw py::error_already_set();
  const std::int64_t number = PyLong_AsLongLong(index.ptr());
  if (number == -1 && PyErr_Occurred()) throw py::error_already_set();  // OverflowError
  return number;
}

/// The array's own memory where type and layout allow it.
template <class Number> Column<Number> column_of(const py::array& array) {
  const auto contiguous = py::array_t<Number, py::array::c_style | py::array::forcecast>::ensure(array);
  if (!contiguous) throw py::error_already_set();
  const std::span<const Number> numbers(contiguous.data(), static_cast<std::size_t>(contiguous.size()));
  return {std::make_shared<py::array>(contiguous), numbers};
}

/// Unsigned 64 bit integers may be too large.
void check_range(const py::array& array, const std::string& key) {
  if (kind_of(array) != 'u' || array.itemsize() < 8 || array.size() == 0) return;
  if (array.attr("max")().cast<std::uint64_t>() > std::uint64_t(std::numeric_limits<std::int64_t>::max()))
    raise(PyExc_OverflowError, "'" + key + "': an integer is beyond the range of int64");
}

}  // namespace

Column<std::int64_t> int64_column(py::handle array) {
  if (!py::isinstance<py::array>(array) || kind_of(array) != 'i') raise(PyExc_TypeError, "an array of integers is needed");
  return column_of<std::int64_t>(py::reinterpret_borrow<py::array>(array));
}

Value from_python::value(py::handle object, const std::string& key) const {
  if (auto found = scalar(object)) return std::move(*found);
  if (py::isinstance<py::array>(object)) return array(py::reinterpret_borrow<py::array>(object), key);
  if (py::isinstance<py::list>(object) || py::isinstance<py::tuple>(object))
    return sequence(py::reinterpret_borrow<py::sequence>(object), key);
  raise_no_counterpart(object, key);
}

std::optional<Value> from_python::scalar(py::handle object) const {
  if (py::isinstance<py::bool_>(object)) return Value(object.cast<bool>());
  if (PyFloat_Check(object.ptr())) return Value(object.cast<double>());
  if (PyLong_Check(object.ptr())) return Value(int64_of(object));
  if (py::isinstance<py::str>(object)) return Value(object.cast<std::string>());
  if (py::isinstance<py::dict>(object)) return Value(dictionary(py::reinterpret_borrow<py::dict>(object)));
  if (py::isinstance(object, classes_.nodes)) return Value(nodes(object));
  if (py::isinstance(object, classes_.parameter)) return Value(parameter(object));
  if (is_numpy_scalar(object)) {  // its floats below 64 bits, truth values and integers are no subclasses of Python's
    const char kind = kind_of(object);
    if (kind == 'f') return Value(py::float_(py::reinterpret_borrow<py::object>(object)).cast<double>());
    if (kind == 'b') return Value(PyObject_IsTrue(object.ptr()) == 1);
    if (kind != 'i' && kind != 'u') return {};
  }
  if (PyIndex_Check(object.ptr()) && !py::isinstance<py::array>(object)) return Value(int64_of(object));
  return {};
}

Dictionary from_python::dictionary(const py::dict& object) const {
  Dictionary entries;
  for (const auto& [key, item] : object) {
    if (!py::isinstance<py::str>(key)) raise(PyExc_TypeError, "the keys of a dictionary must be text");
    const auto name = key.cast<std::string>();
    entries[name] = value(item, name);
  }
  return entries;
}

Value from_python::sequence(const py::sequence& items, const std::string& key) const {
  if (items.size() == 0) return EmptyVector{};
  const py::object first = items[0];
  if (py::isinstance<py::str>(first)) {
    std::vector<std::string> texts;
    for (const auto& item : items) {
      if (!py::isinstance<py::str>(item)) raise(PyExc_TypeError, "'" + key + "': a list of texts holds nothing else");
      texts.push_back(item.cast<std::string>());
    }
    return texts;
  }
  if (py::isinstance<py::dict>(first)) {
    std::vector<Value> dictionaries;
    for (const auto& item : items) {
      if (!py::isinstance<py::dict>(item)) raise(PyExc_TypeError, "'" + key + "': a list of dictionaries holds nothing else");
      dictionaries.emplace_back(dictionary(py::reinterpret_borrow<py::dict>(item)));
    }
    return dictionaries;
  }
  const bool rows = py::isinstance<py::list>(first) || py::isinstance<py::tuple>(first) || py::isinstance<py::array>(first);
  return rows ? array(py::array_t<double, py::array::c_style | py::array::forcecast>(items), key) : numbers(items, key);
}

/// Integers become doubles when a double follows, as in [1, 2.5].
Value from_python::numbers(const py::sequence& items, const std::string& key) const {
  std::vector<std::int64_t> integers;
  std::vector<double> doubles;
  bool all_integers = true;
  for (const auto& item : items) {
    const auto number = scalar(item);
    if (!number) raise_no_counterpart(item, key);
    if (const auto* real = number->get_if<double>()) {
      all_integers = false;
      doubles.push_back(*real);
      continue;
    }
    const auto* whole = number->get_if<std::int64_t>();
    const auto* truth = number->get_if<bool>();
    if (!whole && !truth) raise(PyExc_TypeError, "'" + key + "': a list of numbers holds nothing else");
    integers.push_back(whole ? *whole : *truth);
    doubles.push_back(static_cast<double>(integers.back()));
  }
  return all_integers ? Value(Column<std::int64_t>(std::move(integers))) : Value(Column<double>(std::move(doubles)));
}

Value from_python::array(py::array items, const std::string& key) const {
  const char kind = kind_of(items);
  if (kind != 'f' && kind != 'i' && kind != 'u') raise_no_counterpart(items, key + " (dtype " + std::string(1, kind) + ")");
  check_range(items, key);
  if (items.ndim() == 0) return value(items.attr("item")(), key);
  if (items.ndim() == 2)
    return Matrix{static_cast<std::uint64_t>(items.shape(0)), static_cast<std::uint64_t>(items.shape(1)),
                  column_of<double>(items)};
  if (items.ndim() != 1) raise(PyExc_ValueError, "'" + key + "': arrays have one or two dimensions");
  return kind == 'f' ? Value(column_of<double>(items)) : Value(column_of<std::int64_t>(items));
}

NodeCollection from_python::nodes(py::handle object) const {
  node_ranges ranges;
  for (const auto& range : object.attr("_ids").attr("ranges")) {
    const auto [first, last, step] = range.cast<std::tuple<std::uint64_t, std::uint64_t, std::uint64_t>>();
    ranges.push_back({first, last, step});
  }
  return {nullptr, object.attr("_generation").cast<std::uint64_t>(), std::move(ranges)};
}

SynapseCollection from_python::synapses(py::handle object) const {
  const auto column = [&](const char* name) { return int64_column(object.attr(name)); };
  return {nullptr, object.attr("_generation").cast<std::uint64_t>(),
          {column("_sources"), column("_targets"), column("_models"), column("_ports")}};
}

Parameter from_python::parameter(py::handle object) const {
  std::vector<term> terms;
  for (const auto& entry : object.attr("terms")) {
    using parts = std::tuple<std::string, std::vector<std::uint32_t>, std::vector<double>>;
    const auto [name, arguments, numbers] = entry.cast<parts>();
    const auto what = operation_named(name);
    if (!what) raise(PyExc_TypeError, "a Parameter has no operation '" + name + "'");
    terms.push_back({*what, arguments, numbers});
  }
  return Parameter(std::move(terms));
}

}  // namespace volley::client::python
