// Nodes and prototypes of the catalog's models, by name, and what a refused change of theirs says.
#pragma once
#include <gtest/gtest.h>

#include <cmath>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "models/catalog.hpp"
#include "runtime/base/error.hpp"
#include "runtime/nodes/attributes.hpp"

namespace volley::runtime::tests {

class node_attributes : public testing::Test {
 protected:
  const models::neuron_model& model(std::string_view name) const {
    for (const auto& m : models)
      if (m.name == name) return m;
    throw std::out_of_range("no such model");
  }
  attributes nodes(std::string_view name, std::uint32_t count) const {
    return attributes(attributes(model(name)), local_ids{10, 2, count});
  }

  static double real(const attributes& a, std::string_view key, std::uint32_t cell = 0) {
    const value v = a.get(key, cell);
    return v.is<double>() ? *v.get_if<double>() : std::nan("");
  }
  /// The message of the refusal, which must be of a kind and must change nothing.
  static std::string refusal(attributes& a, error_kind kind, const dictionary& values,
                             std::vector<std::uint32_t> cells = {0}) {
    const auto before = a.image();
    try {
      a.set(values, cells);
    } catch (const api_error& e) {
      EXPECT_EQ(e.kind(), kind) << e.what();
      EXPECT_EQ(a.image(), before) << "changed by a refused call";
      return e.what();
    }
    ADD_FAILURE() << "accepted";
    return {};
  }

  std::vector<models::neuron_model> models = models::built_in_neurons();
};

}  // namespace volley::runtime::tests
