#include "client/cpp/wire_values.hpp"

#include <cstdint>
#include <string>

#include "client/cpp/error.hpp"
#include "protocol/limits.hpp"

namespace volley::client::wire {
namespace p = volley::protocol;
namespace {

static_assert(std::uint16_t(p::Operation::GABOR) == std::uint16_t(operation::gabor), "operations are numbered alike");

void check_level(int level) {
  if (level >= p::value_nesting_limit)
    throw error("builtins.ValueError",
                "a value is nested too deeply: dictionaries and lists may lie in each other on " +
                    std::to_string(p::value_nesting_limit) + " levels");
}

void check_keys(const Dictionary& dictionary) {
  if (dictionary.size() > p::key_limit)
    throw error("builtins.ValueError", "a dictionary has " + std::to_string(dictionary.size()) + " keys; it may have " +
                                           std::to_string(p::key_limit));
}

void check_shape(const Matrix& matrix) {
  const std::uint64_t n = matrix.data.size();
  if (matrix.columns == 0 ? n != 0 : n % matrix.columns != 0 || n / matrix.columns != matrix.rows)
    throw error("builtins.ValueError", "a matrix of " + std::to_string(matrix.rows) + " x " +
                                           std::to_string(matrix.columns) + " has " + std::to_string(n) + " numbers");
}

struct value_writer {
  p::Value::Builder out;
  int level;
  capnp::Orphanage place() const { return capnp::Orphanage::getForMessageContaining(out); }

  void operator()(std::monostate) { out.setNone(); }
  void operator()(bool value) { out.setBoolean(value); }
  void operator()(std::int64_t value) { out.setInteger(value); }
  void operator()(double value) { out.setReal(value); }
  void operator()(const std::string& value) { out.setText(text(value)); }
  void operator()(EmptyVector) { out.setEmptyVector(); }
  void operator()(const Booleans& column) { out.adoptBooleans(p::column_orphan(place(), column.view())); }
  void operator()(const Column<std::int64_t>& column) { out.adoptIntegers(p::column_orphan(place(), column.view())); }
  void operator()(const Column<double>& column) { out.adoptReals(p::column_orphan(place(), column.view())); }
  void operator()(const std::vector<std::string>& texts) {
    write(out.initTexts(static_cast<unsigned>(texts.size())), texts);
  }
  void operator()(const Matrix& matrix) {
    check_shape(matrix);
    auto to = out.initMatrix();
    to.setRows(matrix.rows);
    to.setColumns(matrix.columns);
    to.adoptData(p::column_orphan(place(), matrix.data.view()));
  }
  void operator()(const NodeCollection& nodes) { write(out.initNodes(), nodes); }
  void operator()(const Parameter& parameter) { write(out.initParameter(), parameter); }
  void operator()(const Dictionary& dictionary) { write(out.initDictionary(), dictionary, level); }
  void operator()(const std::vector<Value>& values) {
    check_level(level);
    auto to = out.initValues(static_cast<unsigned>(values.size()));
    for (unsigned i = 0; i < to.size(); ++i) write(to[i], values[i], level + 1);
  }
};

}  // namespace

void write(p::Nodes::Builder out, const NodeCollection& nodes) {
  out.setGeneration(nodes.generation());
  auto ranges = out.initRanges(static_cast<unsigned>(nodes.ranges().size()));
  for (unsigned i = 0; i < ranges.size(); ++i) {
    ranges[i].setFirst(nodes.ranges()[i].first);
    ranges[i].setLast(nodes.ranges()[i].last);
    ranges[i].setStep(nodes.ranges()[i].step);
  }
}

void write(p::Connections::Builder out, const SynapseCollection& connections) {
  const auto place = capnp::Orphanage::getForMessageContaining(out);
  const auto& columns = connections.columns();
  out.setGeneration(connections.generation());
  out.adoptSources(p::column_orphan(place, columns.sources.view()));
  out.adoptTargets(p::column_orphan(place, columns.targets.view()));
  out.adoptModels(p::column_orphan(place, columns.models.view()));
  out.adoptPorts(p::column_orphan(place, columns.ports.view()));
}

void write(p::Expression::Builder out, const Parameter& expression) {
  auto terms = out.initTerms(static_cast<unsigned>(expression.terms().size()));
  for (unsigned i = 0; i < terms.size(); ++i) {
    const term& from = expression.terms()[i];
    terms[i].setOperation(static_cast<p::Operation>(from.what));
    auto arguments = terms[i].initArguments(static_cast<unsigned>(from.arguments.size()));
    for (unsigned k = 0; k < arguments.size(); ++k) arguments.set(k, from.arguments[k]);
    auto numbers = terms[i].initNumbers(static_cast<unsigned>(from.numbers.size()));
    for (unsigned k = 0; k < numbers.size(); ++k) numbers.set(k, from.numbers[k]);
  }
}

void write(p::Dictionary::Builder out, const Dictionary& dictionary, int level) {
  check_level(level);
  check_keys(dictionary);
  auto entries = out.initEntries(static_cast<unsigned>(dictionary.size()));
  unsigned i = 0;
  for (const auto& [key, value] : dictionary) {
    entries[i].setKey(text(key));
    write(entries[i].initValue(), value, level + 1);
    ++i;
  }
}

void write(capnp::List<capnp::Text>::Builder out, const std::vector<std::string>& texts) {
  for (unsigned i = 0; i < out.size(); ++i) out.set(i, text(texts[i]));
}

void write(p::Value::Builder out, const Value& value, int level) {
  std::visit(value_writer{out, level}, value.variant());
}

template <class Number> Column<Number> value_reader::column(capnp::Data::Reader from) const {
  // A short column is copied, so that it does not keep a large reply alive.
  constexpr std::size_t worth_sharing_bytes = 4096;
  const auto numbers = p::column<Number>(from);
  if (numbers.size_bytes() < worth_sharing_bytes) return std::vector<Number>(numbers.begin(), numbers.end());
  return {content_, numbers};
}

NodeCollection value_reader::nodes(p::Nodes::Reader from) const {
  node_ranges ranges;
  std::uint64_t behind = 0;  // ids up to here are taken; ids begin at 1
  for (auto r : from.getRanges()) {
    const node_range range{r.getFirst(), r.getLast(), r.getStep()};
    if (range.step == 0 || range.first <= behind || range.last < range.first ||
        (range.last - range.first) % range.step != 0)
      throw p::malformed("node ranges that do not ascend");
    behind = range.last;
    ranges.push_back(range);
  }
  return {kernel_, from.getGeneration(), std::move(ranges)};
}

SynapseCollection value_reader::connections(p::Connections::Reader from) const {
  synapse_columns columns{column<std::int64_t>(from.getSources()), column<std::int64_t>(from.getTargets()),
                          column<std::int64_t>(from.getModels()), column<std::int64_t>(from.getPorts())};
  for (const auto* other : {&columns.targets, &columns.models, &columns.ports})
    if (other->size() != columns.sources.size()) throw p::malformed("columns of unequal length");
  return {kernel_, from.getGeneration(), std::move(columns)};
}

Matrix value_reader::matrix(p::Matrix::Reader from) const {
  Matrix to{from.getRows(), from.getColumns(), column<double>(from.getData())};
  const bool fits =
      to.columns == 0 ? to.data.empty() : to.data.size() % to.columns == 0 && to.data.size() / to.columns == to.rows;
  if (!fits) throw p::malformed("a matrix of another size than it says");
  return to;
}

Parameter value_reader::parameter(p::Expression::Reader from) const {
  std::vector<term> terms;
  for (auto t : from.getTerms()) {
    const auto what = static_cast<std::uint16_t>(t.getOperation());
    if (what >= operation_count) throw p::malformed("an unknown operation");
    term& to = terms.emplace_back();
    to.what = static_cast<operation>(what);
    for (auto argument : t.getArguments()) to.arguments.push_back(argument);
    for (auto number : t.getNumbers()) to.numbers.push_back(number);
  }
  try {
    return Parameter(std::move(terms));
  } catch (const error& fault) {
    throw p::malformed(fault.what());
  }
}

Dictionary value_reader::dictionary(p::Dictionary::Reader from) const {
  Dictionary to;
  for (auto entry : from.getEntries()) to[string_of(entry.getKey())] = value(entry.getValue());
  return to;
}

Value value_reader::value(p::Value::Reader from) const {
  switch (from.which()) {
    case p::Value::NONE: return {};
    case p::Value::BOOLEAN: return from.getBoolean();
    case p::Value::INTEGER: return from.getInteger();
    case p::Value::REAL: return from.getReal();
    case p::Value::TEXT: return string_of(from.getText());
    case p::Value::EMPTY_VECTOR: return EmptyVector{};
    case p::Value::BOOLEANS: return column<std::uint8_t>(from.getBooleans());
    case p::Value::INTEGERS: return column<std::int64_t>(from.getIntegers());
    case p::Value::REALS: return column<double>(from.getReals());
    case p::Value::TEXTS: return texts(from.getTexts());
    case p::Value::MATRIX: return matrix(from.getMatrix());
    case p::Value::NODES: return nodes(from.getNodes());
    case p::Value::PARAMETER: return parameter(from.getParameter());
    case p::Value::DICTIONARY: return dictionary(from.getDictionary());
    case p::Value::VALUES: return values(from.getValues());
  }
  throw p::malformed("a value of unknown type");
}

std::vector<std::string> value_reader::texts(capnp::List<capnp::Text>::Reader from) const {
  std::vector<std::string> to;
  for (auto one : from) to.push_back(string_of(one));
  return to;
}

std::vector<Value> value_reader::values(capnp::List<p::Value>::Reader from) const {
  std::vector<Value> to;
  for (auto one : from) to.push_back(value(one));
  return to;
}

}  // namespace volley::client::wire
