#include "actors/convert_values.hpp"

#include <capnp/orphan.h>

#include <span>
#include <utility>

#include "protocol/limits.hpp"
#include "protocol/message.hpp"
#include "runtime/values/parameter.hpp"

namespace volley::actors {

namespace {

using protocol::malformed;
using protocol::Value;

static_assert(static_cast<int>(protocol::Operation::CONSTANT) == static_cast<int>(runtime::operation::constant));
static_assert(static_cast<int>(protocol::Operation::REDRAW) == static_cast<int>(runtime::operation::redraw));
static_assert(static_cast<int>(protocol::Operation::GABOR) == static_cast<int>(runtime::operation::gabor));

template <class Number> std::vector<Number> read_column(capnp::Data::Reader from) {
  const auto numbers = protocol::column<Number>(from);
  return {numbers.begin(), numbers.end()};
}

runtime::matrix read_matrix(protocol::Matrix::Reader from) {
  runtime::matrix to{from.getRows(), from.getColumns(), read_column<double>(from.getData())};
  const bool fits =
      to.columns == 0 ? to.data.empty() : to.data.size() % to.columns == 0 && to.data.size() / to.columns == to.rows;
  if (!fits) throw malformed("a matrix of " + std::to_string(to.data.size()) + " numbers that its shape does not have");
  return to;
}

runtime::node_range read_range(protocol::NodeRange::Reader from) {
  const runtime::node_range to{from.getFirst(), from.getLast(), from.getStep()};
  if (to.first == 0 || to.step == 0 || to.last < to.first || (to.last - to.first) % to.step != 0)
    throw malformed("a range of nodes without sense");
  return to;
}

void write_dictionary(protocol::Dictionary::Builder to, const dictionary& from) {
  auto entries = to.initEntries(static_cast<unsigned>(from.size()));
  unsigned position = 0;
  for (const auto& [key, content] : from) {
    auto entry = entries[position++];
    entry.setKey(key);
    write_value(entry.initValue(), content);
  }
}

void write_expression(protocol::Expression::Builder to, std::span<const runtime::term> from) {
  auto terms = to.initTerms(static_cast<unsigned>(from.size()));
  for (unsigned position = 0; position < from.size(); ++position) {
    auto term = terms[position];
    term.setOperation(static_cast<protocol::Operation>(from[position].what));
    term.setArguments(kj::arrayPtr(from[position].arguments.data(), from[position].arguments.size()));
    term.setNumbers(kj::arrayPtr(from[position].numbers.data(), from[position].numbers.size()));
  }
}

template <class Number>
capnp::Orphan<capnp::Data> column_of(capnp::Orphanage orphanage, const std::vector<Number>& from) {
  return protocol::column_orphan<Number>(orphanage, from);
}

// One overload an alternative of runtime::value.
struct value_writer {
  Value::Builder to;
  capnp::Orphanage orphanage = capnp::Orphanage::getForMessageContaining(to);

  void operator()(std::monostate) { to.setNone(); }
  void operator()(bool from) { to.setBoolean(from); }
  void operator()(std::int64_t from) { to.setInteger(from); }
  void operator()(double from) { to.setReal(from); }
  void operator()(const std::string& from) { to.setText(from); }
  void operator()(runtime::empty_vector) { to.setEmptyVector(); }
  void operator()(const runtime::booleans& from) { to.adoptBooleans(column_of(orphanage, from.data)); }
  void operator()(const std::vector<std::int64_t>& from) { to.adoptIntegers(column_of(orphanage, from)); }
  void operator()(const std::vector<double>& from) { to.adoptReals(column_of(orphanage, from)); }
  void operator()(const std::vector<std::string>& from) {
    auto texts = to.initTexts(static_cast<unsigned>(from.size()));
    for (unsigned position = 0; position < from.size(); ++position) texts.set(position, from[position]);
  }
  void operator()(const runtime::matrix& from) {
    auto matrix = to.initMatrix();
    matrix.setRows(from.rows);
    matrix.setColumns(from.columns);
    matrix.adoptData(column_of(orphanage, from.data));
  }
  void operator()(const node_set& from) { write_nodes(to.initNodes(), from); }
  void operator()(const runtime::parameter_ref& from) { write_expression(to.initParameter(), from->terms()); }
  void operator()(const dictionary& from) { write_dictionary(to.initDictionary(), from); }
  void operator()(const std::vector<value>& from) {
    auto values = to.initValues(static_cast<unsigned>(from.size()));
    for (unsigned position = 0; position < from.size(); ++position) write_value(values[position], from[position]);
  }
};

}  // namespace

std::string read_text(capnp::Text::Reader from) { return {from.begin(), from.size()}; }

std::vector<std::int64_t> read_integers(capnp::Data::Reader from) { return read_column<std::int64_t>(from); }

template <class List> const List& value_reader::counted(const List& list) {
  if (list.size() > elements_left_) throw malformed("lists with more elements than the message has room for");
  elements_left_ -= list.size();
  return list;
}

std::vector<std::string> value_reader::read(capnp::List<capnp::Text>::Reader from) {
  std::vector<std::string> to;
  for (const auto text : counted(from)) to.push_back(read_text(text));
  return to;
}

std::vector<value> value_reader::read(capnp::List<Value>::Reader from) {
  std::vector<value> to;
  for (const auto entry : counted(from)) to.push_back(read(entry));
  return to;
}

std::vector<dictionary> value_reader::read(capnp::List<protocol::Dictionary>::Reader from) {
  std::vector<dictionary> to;
  for (const auto entry : counted(from)) to.push_back(read(entry));
  return to;
}

node_set value_reader::read(protocol::Nodes::Reader from) {
  node_set to{from.getGeneration(), {}};
  const auto ranges = from.getRanges();
  for (const auto entry : counted(ranges)) {
    const auto range = read_range(entry);
    if (!to.ranges.empty() && range.first <= to.ranges.back().last) throw malformed("ranges of nodes out of order");
    to.ranges.push_back(range);
  }
  return to;
}

connection_columns value_reader::read(protocol::Connections::Reader from) {
  connection_columns to{from.getGeneration(), read_integers(from.getSources()), read_integers(from.getTargets()),
                        read_integers(from.getModels()), read_integers(from.getPorts())};
  for (const auto* column : {&to.targets, &to.models, &to.ports})
    if (column->size() != to.size()) throw malformed("connections with columns of different lengths");
  return to;
}

runtime::term value_reader::read(protocol::Term::Reader from) {
  if (from.getOperation() > protocol::Operation::GABOR) throw malformed("an operation this release does not know");
  runtime::term to{static_cast<runtime::operation>(from.getOperation()), {}, {}};
  const auto arguments = from.getArguments();
  for (const auto argument : counted(arguments)) to.arguments.push_back(argument);
  const auto numbers = from.getNumbers();
  for (const auto number : counted(numbers)) to.numbers.push_back(number);
  return to;
}

runtime::parameter_ref value_reader::read(protocol::Expression::Reader from) {
  std::vector<runtime::term> terms;
  const auto entries = from.getTerms();
  for (const auto entry : counted(entries)) terms.push_back(read(entry));
  return runtime::parameter::make(std::move(terms));
}

dictionary value_reader::read(protocol::Dictionary::Reader from) {
  dictionary to;
  const auto entries = from.getEntries();
  if (entries.size() > protocol::key_limit)
    throw malformed("a dictionary of " + std::to_string(entries.size()) + " keys");
  for (const auto entry : counted(entries)) {
    auto key = read_text(entry.getKey());
    if (to.contains(key)) throw malformed("a dictionary with the same key twice");
    to[key] = read(entry.getValue());
  }
  return to;
}

value value_reader::read(Value::Reader from) {
  switch (from.which()) {
    case Value::NONE: return {};
    case Value::BOOLEAN: return from.getBoolean();
    case Value::INTEGER: return from.getInteger();
    case Value::REAL: return from.getReal();
    case Value::TEXT: return read_text(from.getText());
    case Value::EMPTY_VECTOR: return runtime::empty_vector{};
    case Value::BOOLEANS: return runtime::booleans{read_column<std::uint8_t>(from.getBooleans())};
    case Value::INTEGERS: return read_integers(from.getIntegers());
    case Value::REALS: return read_column<double>(from.getReals());
    case Value::TEXTS: return read(from.getTexts());
    case Value::MATRIX: return read_matrix(from.getMatrix());
    case Value::NODES: return read(from.getNodes());
    case Value::PARAMETER: return read(from.getParameter());
    case Value::DICTIONARY: return read(from.getDictionary());
    case Value::VALUES: return read(from.getValues());
  }
  throw malformed("a value of a type this release does not know");
}

void write_value(Value::Builder to, const value& from) {
  std::visit(value_writer{to}, static_cast<const value::variant&>(from));
}

void write_nodes(protocol::Nodes::Builder to, const node_set& from) {
  to.setGeneration(from.generation);
  auto ranges = to.initRanges(static_cast<unsigned>(from.ranges.size()));
  for (unsigned position = 0; position < from.ranges.size(); ++position) {
    auto range = ranges[position];
    range.setFirst(from.ranges[position].first);
    range.setLast(from.ranges[position].last);
    range.setStep(from.ranges[position].step);
  }
}

void write_connections(protocol::Connections::Builder to, const connection_columns& from) {
  const auto orphanage = capnp::Orphanage::getForMessageContaining(to);
  to.setGeneration(from.generation);
  to.adoptSources(column_of(orphanage, from.sources));
  to.adoptTargets(column_of(orphanage, from.targets));
  to.adoptModels(column_of(orphanage, from.models));
  to.adoptPorts(column_of(orphanage, from.ports));
}

}  // namespace volley::actors
