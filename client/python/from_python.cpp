#include "client/python/from_python.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <string_view>
#include <utility>

#include "client/cpp/error.hpp"
#include "client/python/to_python.hpp"
#include "protocol/limits.hpp"

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

/// One level deeper for its lifetime.
class deeper {
 public:
  explicit deeper(int& level) : level_(level) {
    if (level_ == protocol::value_nesting_limit)
      raise(PyExc_ValueError, "a value is nested too deeply: dictionaries and lists may lie in each other on " +
                                  std::to_string(protocol::value_nesting_limit) + " levels");
    ++level_;
  }
  ~deeper() { --level_; }

 private:
  int& level_;
};

/// Its representation in ASCII, or the begin of it.
std::string shown(py::handle object) {
  const auto ascii = py::reinterpret_steal<py::object>(PyObject_ASCII(object.ptr()));
  if (!ascii) throw py::error_already_set();
  const auto text = ascii.cast<std::string>();
  constexpr std::size_t most = 60;
  return text.size() <= most ? text : text.substr(0, most) + "...";
}

/// Python's texts may hold halves of surrogate pairs, which no encoding knows.
std::string text_of(py::handle unicode, const std::string& key) {
  Py_ssize_t size = 0;
  const char* bytes = PyUnicode_AsUTF8AndSize(unicode.ptr(), &size);
  if (bytes != nullptr) return {bytes, static_cast<std::size_t>(size)};
  if (PyErr_ExceptionMatches(PyExc_UnicodeEncodeError) == 0) throw py::error_already_set();
  PyErr_Clear();
  raise(PyExc_ValueError, "'" + key + "': the text " + shown(unicode) + " holds half of a surrogate pair");
}

char kind_of(py::handle numpy_object) { return numpy_object.attr("dtype").attr("kind").cast<char>(); }

[[noreturn]] void raise_beyond_int64(const std::string& key) {
  raise(PyExc_OverflowError, "'" + key + "': an integer is beyond the range of int64");
}

std::int64_t int64_of(py::handle integer, const std::string& key) {
  const auto index = py::reinterpret_steal<py::object>(PyNumber_Index(integer.ptr()));
  if (!index) throw py::error_already_set();
  int beyond = 0;
  const std::int64_t number = PyLong_AsLongLongAndOverflow(index.ptr(), &beyond);
  if (beyond != 0) raise_beyond_int64(key);
  return number;
}

bool is_row(py::handle object) {
  return py::isinstance<py::list>(object) || py::isinstance<py::tuple>(object) || py::isinstance<py::array>(object);
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
    raise_beyond_int64(key);
}

/// The items of a list or tuple that holds Python's floats and nothing else, as most do.
std::optional<std::vector<double>> all_floats(const py::sequence& items) {
  const auto count = static_cast<std::size_t>(PySequence_Fast_GET_SIZE(items.ptr()));
  PyObject* const* const objects = PySequence_Fast_ITEMS(items.ptr());
  std::vector<double> numbers(count);
  for (std::size_t i = 0; i < count; ++i) {
    if (!PyFloat_Check(objects[i])) return {};
    numbers[i] = PyFloat_AS_DOUBLE(objects[i]);
  }
  return numbers;
}

std::vector<std::string> texts(const py::sequence& items, const std::string& key, const char* needed) {
  std::vector<std::string> read;
  for (const auto& item : items) {
    if (!py::isinstance<py::str>(item)) raise(PyExc_TypeError, "'" + key + "': " + needed);
    read.push_back(text_of(item, key));
  }
  return read;
}

void check_class(py::handle object, py::handle wanted) {
  if (!py::isinstance(object, wanted))
    raise(PyExc_TypeError, "a " + wanted.attr("__name__").cast<std::string>() + " is needed, not " + type_of(object));
}

/// A part of an object of ours, which somebody may have made otherwise than we do.
template <class T> T part(py::handle object, PyObject* kind, const char* otherwise) {
  try {
    return object.cast<T>();
  } catch (const py::cast_error&) {
    raise(kind, otherwise);
  }
}

std::uint64_t generation_of(py::handle object, const python_classes& classes) {
  return part<std::uint64_t>(object.attr(classes.generation), PyExc_ValueError, "a collection counts resets from 0 on");
}

}  // namespace

Column<std::int64_t> int64_column(py::handle array) {
  if (!py::isinstance<py::array>(array) || kind_of(array) != 'i')
    raise(PyExc_TypeError, "an array of integers is needed");
  return column_of<std::int64_t>(py::reinterpret_borrow<py::array>(array));
}

Value from_python::value(py::handle object, const std::string& key) const {
  if (auto found = scalar(object, key)) return std::move(*found);
  if (py::isinstance<py::array>(object)) return array(py::reinterpret_borrow<py::array>(object), key);
  if (py::isinstance<py::list>(object) || py::isinstance<py::tuple>(object))
    return sequence(py::reinterpret_borrow<py::sequence>(object), key);
  raise_no_counterpart(object, key);
}

std::string from_python::text(py::handle object, const std::string& key) const {
  if (!PyUnicode_Check(object.ptr())) raise(PyExc_TypeError, "'" + key + "': a text is needed, not " + type_of(object));
  return text_of(object, key);
}

std::vector<std::string> from_python::keys(py::handle object) const {
  constexpr const char* needed = "a list of texts is needed";
  const bool is_list =
      PySequence_Check(object.ptr()) != 0 && !py::isinstance<py::str>(object) && !py::isinstance<py::bytes>(object);
  if (!is_list) raise(PyExc_TypeError, std::string("'keys': ") + needed + ", not " + type_of(object));
  return texts(py::reinterpret_borrow<py::sequence>(object), "keys", needed);
}

std::optional<Value> from_python::scalar(py::handle object, const std::string& key) const {
  if (py::isinstance<py::bool_>(object)) return Value(object.cast<bool>());
  if (PyFloat_Check(object.ptr())) return Value(object.cast<double>());
  if (PyLong_Check(object.ptr())) return Value(int64_of(object, key));
  if (PyUnicode_Check(object.ptr())) return Value(text_of(object, key));
  if (py::isinstance<py::dict>(object)) return Value(dictionary(py::reinterpret_borrow<py::dict>(object)));
  if (py::isinstance(object, classes_.nodes)) return Value(nodes(object));
  if (py::isinstance(object, classes_.parameter)) return Value(parameter(object));
  if (is_numpy_scalar(object)) {  // its floats below 64 bits, truth values and integers are no subclasses of Python's
    const char kind = kind_of(object);
    if (kind == 'f') return Value(py::float_(py::reinterpret_borrow<py::object>(object)).cast<double>());
    if (kind == 'b') return Value(PyObject_IsTrue(object.ptr()) == 1);
    if (kind != 'i' && kind != 'u') return {};
  }
  if (PyIndex_Check(object.ptr()) && !py::isinstance<py::array>(object)) return Value(int64_of(object, key));
  return {};
}

Dictionary from_python::dictionary(const py::dict& object) const {
  const deeper one(level_);
  if (object.size() > protocol::key_limit)  // finding a key costs a walk
    raise(PyExc_ValueError, "a dictionary has " + std::to_string(object.size()) + " keys; it may have " +
                                std::to_string(protocol::key_limit));
  Dictionary entries;
  for (const auto& [key, item] : object) {
    if (!py::isinstance<py::str>(key)) raise(PyExc_TypeError, "the keys of a dictionary must be text");
    const auto name = text_of(key, "a key");
    entries[name] = value(item, name);
  }
  return entries;
}

Value from_python::sequence(const py::sequence& items, const std::string& key) const {
  if (items.size() == 0) return EmptyVector{};
  const py::object first = items[0];
  if (py::isinstance<py::str>(first)) return texts(items, key, "a list of texts holds nothing else");
  if (py::isinstance<py::dict>(first)) {
    const deeper one(level_);
    std::vector<Value> dictionaries;
    for (const auto& item : items) {
      if (!py::isinstance<py::dict>(item))
        raise(PyExc_TypeError, "'" + key + "': a list of dictionaries holds nothing else");
      dictionaries.emplace_back(dictionary(py::reinterpret_borrow<py::dict>(item)));
    }
    return dictionaries;
  }
  if (!is_row(first)) return numbers(items, key);
  const deeper one(level_);
  std::vector<Value> rows;
  for (const auto& item : items) {
    if (!is_row(item)) raise(PyExc_TypeError, "'" + key + "': a list of lists holds nothing else");
    rows.push_back(value(item, key));
  }
  return rows;
}

/// Integers become doubles when a double follows, as in [1, 2.5]; truth values become integers beside numbers.
Value from_python::numbers(const py::sequence& items, const std::string& key) const {
  if (auto floats = all_floats(items)) return Column<double>(*std::move(floats));
  std::vector<std::int64_t> integers;
  std::vector<double> doubles;
  std::size_t truths = 0;
  bool all_integers = true;
  for (const auto& item : items) {
    const auto number = scalar(item, key);
    if (!number) raise_no_counterpart(item, key);
    if (number->is<Parameter>() || number->is<NodeCollection>()) return mixed(items, key);
    if (const auto* real = number->get_if<double>()) {
      all_integers = false;
      doubles.push_back(*real);
      continue;
    }
    const auto* whole = number->get_if<std::int64_t>();
    const auto* truth = number->get_if<bool>();
    if (!whole && !truth) raise(PyExc_TypeError, "'" + key + "': a list of numbers holds nothing else");
    truths += truth != nullptr;
    integers.push_back(whole ? *whole : *truth);
    doubles.push_back(static_cast<double>(integers.back()));
  }
  if (truths == items.size()) return Booleans(std::vector<std::uint8_t>(integers.begin(), integers.end()));
  return all_integers ? Value(Column<std::int64_t>(std::move(integers))) : Value(Column<double>(std::move(doubles)));
}

/// Entries that are no plain numbers: Parameters, collections.
Value from_python::mixed(const py::sequence& items, const std::string& key) const {
  std::vector<Value> entries;
  for (const auto& item : items) {
    auto entry = scalar(item, key);
    if (!entry) raise_no_counterpart(item, key);
    if (entry->is<std::string>() || entry->is<Dictionary>())
      raise(PyExc_TypeError, "'" + key + "': a list of numbers holds nothing else");
    entries.push_back(std::move(*entry));
  }
  return entries;
}

Value from_python::array(py::array items, const std::string& key) const {
  const char kind = kind_of(items);
  const bool numeric = kind == 'f' || kind == 'i' || kind == 'u';
  if (!numeric && kind != 'b' && kind != 'U' && kind != 'O')
    raise_no_counterpart(items, key + " (dtype " + std::string(1, kind) + ")");
  if (items.ndim() == 0) return value(items.attr("item")(), key);
  if (items.ndim() > 2) raise(PyExc_ValueError, "'" + key + "': arrays have one or two dimensions");
  if (kind == 'b' && items.ndim() == 1) return column_of<std::uint8_t>(items);
  if (!numeric) return sequence(items.attr("tolist")(), key);
  check_range(items, key);
  if (items.ndim() == 2)
    return Matrix{static_cast<std::uint64_t>(items.shape(0)), static_cast<std::uint64_t>(items.shape(1)),
                  column_of<double>(items)};
  return kind == 'f' ? Value(column_of<double>(items)) : Value(column_of<std::int64_t>(items));
}

NodeCollection from_python::nodes(py::handle object) const {
  constexpr const char* otherwise = "the ids of a NodeCollection must ascend and begin at 1";
  check_class(object, classes_.nodes);
  node_ranges ranges;
  std::uint64_t behind = 0;  // ids up to here are taken; ids begin at 1
  for (const auto& range : object.attr(classes_.ids).attr(classes_.ranges)) {
    using parts = std::tuple<std::uint64_t, std::uint64_t, std::uint64_t>;
    const auto [first, last, step] = part<parts>(range, PyExc_ValueError, otherwise);
    if (step == 0 || first <= behind || last < first || (last - first) % step != 0) raise(PyExc_ValueError, otherwise);
    behind = last;
    ranges.push_back({first, last, step});
  }
  return {nullptr, generation_of(object, classes_), std::move(ranges)};
}

SynapseCollection from_python::synapses(py::handle object) const {
  check_class(object, classes_.synapses);
  const auto column = [&](const py::object& name) { return int64_column(object.attr(name)); };
  synapse_columns columns{column(classes_.sources), column(classes_.targets), column(classes_.models),
                          column(classes_.ports)};
  for (const auto* other : {&columns.targets, &columns.models, &columns.ports})
    if (other->size() != columns.sources.size())
      raise(PyExc_ValueError, "the columns of a SynapseCollection must be equally long");
  return {nullptr, generation_of(object, classes_), std::move(columns)};
}

Parameter from_python::parameter(py::handle object) const {
  check_class(object, classes_.parameter);
  std::vector<term> terms;
  for (const auto& entry : object.attr("terms")) {
    using parts = std::tuple<std::string, std::vector<std::uint32_t>, std::vector<double>>;
    const auto [name, arguments, numbers] =
        part<parts>(entry, PyExc_TypeError, "a term of a Parameter is (operation, (argument, ...), (number, ...))");
    const auto what = operation_named(name);
    if (!what) raise(PyExc_TypeError, "a Parameter has no operation '" + name + "'");
    terms.push_back({*what, arguments, numbers});
  }
  try {
    return Parameter(std::move(terms));
  } catch (const error& fault) {
    raise_error(classes_, fault.kind(), fault.what());
  }
}

}  // namespace volley::client::python
