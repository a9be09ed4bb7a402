#include "client/python/to_python.hpp"

#include <pybind11/numpy.h>

#include <algorithm>
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

namespace volley::client::python {
namespace {

/// Columns from this size on keep the reply's memory; smaller ones are copied and let it go.
constexpr std::size_t shared_from_bytes = 64 * 1024;

/// The array may be written to, as scripts do that shift times in place: a reply is made for one call, nobody else
/// reads it.
template <class Number> py::array_t<Number> array(const Column<Number>& column) {
  const auto size = static_cast<py::ssize_t>(column.size());
  if (column.size() * sizeof(Number) < shared_from_bytes) return py::array_t<Number>(size, column.data());
  const py::capsule owner(new Column<Number>(column), [](void* held) { delete static_cast<Column<Number>*>(held); });
  return py::array_t<Number>(size, column.data(), owner);
}

/// True for a list of matrices of one shape, which is an array of three axes.
bool is_stack(const std::vector<Value>& values) {
  const auto* const first = values.empty() ? nullptr : values.front().get_if<Matrix>();
  return first != nullptr && std::ranges::all_of(values, [&](const Value& v) {
           const auto* const matrix = v.get_if<Matrix>();
           return matrix != nullptr && matrix->rows == first->rows && matrix->columns == first->columns;
         });
}

py::array stacked(const std::vector<Value>& values) {
  const auto& first = *values.front().get_if<Matrix>();
  py::array_t<double> all({values.size(), first.rows, first.columns});
  double* to = all.mutable_data();
  for (const Value& v : values) {
    const auto& numbers = v.get_if<Matrix>()->data;
    to = std::copy_n(numbers.data(), numbers.size(), to);
  }
  return all;
}

template <class... Case> struct overloaded : Case... { using Case::operator()...; };

}  // namespace

py::object to_python::value(const Value& from) const {
  return std::visit(overloaded{
                        [](std::monostate) -> py::object { return py::none(); },
                        [](bool truth) -> py::object { return py::bool_(truth); },
                        [](std::int64_t number) -> py::object { return py::int_(number); },
                        [](double number) -> py::object { return py::float_(number); },
                        [](const std::string& text) -> py::object { return py::str(text); },
                        [](const EmptyVector&) -> py::object { return py::list(); },
                        [](const Booleans& truths) -> py::object { return array(truths).view("bool"); },
                        [](const Column<std::int64_t>& numbers) -> py::object { return array(numbers); },
                        [](const Column<double>& numbers) -> py::object { return array(numbers); },
                        [](const std::vector<std::string>& texts) -> py::object { return py::cast(texts); },
                        [](const Matrix& matrix) -> py::object {
                          return array(matrix.data).reshape({matrix.rows, matrix.columns});
                        },
                        [&](const NodeCollection& some) -> py::object { return nodes(some); },
                        [&](const Parameter& expression) -> py::object { return parameter(expression); },
                        [&](const Dictionary& entries) -> py::object { return dictionary(entries); },
                        [&](const std::vector<Value>& values) -> py::object {
                          if (is_stack(values)) return stacked(values);
                          py::list items(values.size());
                          for (std::size_t i = 0; i < values.size(); ++i) items[i] = value(values[i]);
                          return items;
                        },
                    },
                    from.variant());
}

py::dict to_python::dictionary(const Dictionary& from) const {
  py::dict entries;
  for (const auto& [key, item] : from) entries[py::str(key)] = value(item);
  return entries;
}

py::object to_python::nodes(const NodeCollection& from) const {
  py::list ranges;
  for (const auto& range : from.ranges()) ranges.append(py::make_tuple(range.first, range.last, range.step));
  return classes_.nodes.attr("_from_kernel")(from.generation(), ranges);
}

py::object to_python::synapses(const SynapseCollection& from) const {
  const auto& [sources, targets, models, ports] = from.columns();
  return classes_.synapses.attr("_from_kernel")(from.generation(), array(sources), array(targets), array(models),
                                                array(ports));
}

py::object to_python::parameter(const Parameter& from) const {
  py::list terms;
  for (const auto& [what, arguments, numbers] : from.terms())
    terms.append(
        py::make_tuple(std::string(name_of(what)), py::tuple(py::cast(arguments)), py::tuple(py::cast(numbers))));
  return classes_.parameter(py::tuple(terms));
}

void raise_error(const python_classes& classes, const std::string& kind, const char* message) {
  const py::object exception = classes.exception_for(kind);
  PyErr_SetString(exception.ptr(), message);
  throw py::error_already_set();
}

}  // namespace volley::client::python
