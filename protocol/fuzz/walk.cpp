#include "protocol/fuzz/walk.hpp"

#include <bit>

#include "protocol/fuzz/require.hpp"
#include "protocol/message.hpp"

namespace volley::protocol::fuzz {
namespace {

std::uint64_t sum_of(kj::ArrayPtr<const kj::byte> bytes) {
  std::uint64_t sum = bytes.size();
  for (kj::byte b : bytes) sum += b;
  return sum;
}

/// Columns of whole numbers are read, others refused.
template <class Number> std::uint64_t sum_of_column(capnp::Data::Reader data) {
  const bool whole = data.size() % sizeof(Number) == 0;
  try {
    std::uint64_t sum = 0;
    for (Number number : column<Number>(data)) sum += static_cast<std::uint64_t>(number);
    require(whole);
    return sum;
  } catch (const malformed&) {
    require(!whole);
    return 0;
  }
}

std::uint64_t sum_of_data(capnp::Data::Reader data) {
  return sum_of(data) + sum_of_column<std::uint32_t>(data) + sum_of_column<std::uint64_t>(data);
}

std::uint64_t walk_value(capnp::DynamicValue::Reader value, std::uint64_t& visited) {
  ++visited;
  switch (value.getType()) {
    case capnp::DynamicValue::BOOL: return value.as<bool>();
    case capnp::DynamicValue::INT: return static_cast<std::uint64_t>(value.as<std::int64_t>());
    case capnp::DynamicValue::UINT: return value.as<std::uint64_t>();
    case capnp::DynamicValue::FLOAT: return std::bit_cast<std::uint64_t>(value.as<double>());
    case capnp::DynamicValue::TEXT: return sum_of(value.as<capnp::Text>().asBytes());
    case capnp::DynamicValue::DATA: return sum_of_data(value.as<capnp::Data>());
    case capnp::DynamicValue::ENUM: return value.as<capnp::DynamicEnum>().getRaw();
    case capnp::DynamicValue::STRUCT: return walk(value.as<capnp::DynamicStruct>(), visited);
    case capnp::DynamicValue::LIST: {
      std::uint64_t sum = 0;
      for (auto entry : value.as<capnp::DynamicList>()) sum += walk_value(entry, visited);
      return sum;
    }
    default: return 0;  // void; the schemas have no other types
  }
}

}  // namespace

std::uint64_t walk(capnp::DynamicStruct::Reader message, std::uint64_t& visited) {
  std::uint64_t sum = 0;
  KJ_IF_MAYBE (chosen, message.which()) sum += walk_value(message.get(*chosen), visited);
  for (auto field : message.getSchema().getNonUnionFields()) sum += walk_value(message.get(field), visited);
  return sum;
}

}  // namespace volley::protocol::fuzz
