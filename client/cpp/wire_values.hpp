// Values, nodes and connections between Cap'n Proto and the client: what wire.cpp is made of, and nobody else includes.
#pragma once
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "client/cpp/synapse_collection.hpp"
#include "client/cpp/value.hpp"
#include "protocol/message.hpp"
#include "protocol/values.capnp.h"

namespace volley::client::wire {

/// Long columns are referred to, not copied: what is written must live until the message is finished. Throws
/// builtins.ValueError for dictionaries and lists nested deeper than a message takes; `level` counts them.
void write(protocol::Value::Builder out, const Value& value, int level = 0);
void write(protocol::Value::Builder out, Value&& value, int level = 0) = delete;
void write(protocol::Dictionary::Builder out, const Dictionary& dictionary, int level = 0);
void write(protocol::Nodes::Builder out, const NodeCollection& nodes);
void write(protocol::Connections::Builder out, const SynapseCollection& connections);
void write(protocol::Expression::Builder out, const Parameter& expression);
void write(capnp::List<capnp::Text>::Builder out, const std::vector<std::string>& texts);

inline capnp::Text::Reader text(const std::string& from) { return {from.c_str(), from.size()}; }
inline std::string string_of(capnp::Text::Reader from) { return {from.begin(), from.size()}; }

/// Reads what one body holds; throws protocol::malformed for values that contradict themselves.
class value_reader {
 public:
  /// Both must outlive the reader. Long columns share the body, collections belong to `kernel`.
  value_reader(const protocol::body& content, const std::shared_ptr<conversation>& kernel)
      : content_(content), kernel_(kernel) {}

  Value value(protocol::Value::Reader from) const;
  Dictionary dictionary(protocol::Dictionary::Reader from) const;
  NodeCollection nodes(protocol::Nodes::Reader from) const;
  SynapseCollection connections(protocol::Connections::Reader from) const;
  Parameter parameter(protocol::Expression::Reader from) const;

 private:
  Matrix matrix(protocol::Matrix::Reader from) const;
  std::vector<std::string> texts(capnp::List<capnp::Text>::Reader from) const;
  std::vector<Value> values(capnp::List<protocol::Value>::Reader from) const;
  template <class Number> Column<Number> column(capnp::Data::Reader from) const;

  const protocol::body& content_;
  const std::shared_ptr<conversation>& kernel_;
};

}  // namespace volley::client::wire
