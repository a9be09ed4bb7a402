// Values, dictionaries, node sets and columns between Cap'n Proto and the runtime: what actors/convert.cpp is made of.
#pragma once
#include <cstddef>
#include <string>
#include <vector>

#include "protocol/values.capnp.h"
#include "runtime/kernel/request.hpp"
#include "runtime/values/term.hpp"

namespace volley::actors {

using runtime::dictionary;
using runtime::node_set;
using runtime::value;
using runtime::api::connection_columns;

/// Reads one message. Elements of lists count against its size, so that a small message cannot ask for much memory:
/// a list of empty structs takes no room at all on the wire.
class value_reader {
 public:
  explicit value_reader(std::size_t body_words) : elements_left_(body_words) {}

  value read(protocol::Value::Reader from);
  dictionary read(protocol::Dictionary::Reader from);
  node_set read(protocol::Nodes::Reader from);
  connection_columns read(protocol::Connections::Reader from);
  runtime::parameter_ref read(protocol::Expression::Reader from);
  std::vector<std::string> read(capnp::List<capnp::Text>::Reader from);
  std::vector<dictionary> read(capnp::List<protocol::Dictionary>::Reader from);

 private:
  runtime::term read(protocol::Term::Reader from);
  std::vector<value> read(capnp::List<protocol::Value>::Reader from);
  template <class List> const List& counted(const List& list);

  std::size_t elements_left_;
};

std::string read_text(capnp::Text::Reader from);
std::vector<std::int64_t> read_integers(capnp::Data::Reader from);

/// Columns are referred to, not copied: `from` must live until the message is finished.
void write_value(protocol::Value::Builder to, const value& from);
void write_nodes(protocol::Nodes::Builder to, const node_set& from);
void write_connections(protocol::Connections::Builder to, const connection_columns& from);

}  // namespace volley::actors
