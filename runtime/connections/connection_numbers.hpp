// Weights, delays and parameters of the connections of one call: shared, given one by one, or drawn per connection.
#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "runtime/connections/delay_limits.hpp"
#include "runtime/rules/projection.hpp"
#include "runtime/rules/projection_walk.hpp"
#include "runtime/space/pair_geometry.hpp"
#include "runtime/values/draw_site.hpp"

namespace volley::runtime {

inline constexpr std::uint32_t leaves_of_a_spec = 32;

/// Tells the numbers of one connection apart; parameters lie between. Weight and delay, drawn together, share a block.
enum leaf : std::uint32_t { weight_leaf, delay_leaf, first_parameter_leaf, receptor_leaf = leaves_of_a_spec - 1 };

/// Whole steps of many delays. Errors: BadDelay outside one step and the largest delay.
void delay_steps(std::span<const double> ms, const time_grid& time, std::span<std::uint32_t> out);

/// The receptor that a number names. Errors: TypeMismatch for what is no whole number.
std::int64_t whole_receptor(double number);

/// Who owns the draws of some connections of one source or one target: ids and multapse numbers.
class draw_owners {
 public:
  /// Connections of `source` to targets in ascending order, multapses adjacent.
  void set_row(std::uint64_t source, std::span<const std::uint32_t> target_ids);
  /// Connections of `target` with sources in any order, the first of a multapse first.
  void set_column(std::uint64_t target, std::span<const std::uint32_t> source_ids);

  /// Tells where they are; until the next set_...(). REQUIRES: nodes of the layers.
  void locate(connection_geometry& space) { geometry_ = &space.between(columns_[0], columns_[1]); }

  const std::array<std::span<const std::uint32_t>, 3>& columns() const { return columns_; }
  const site_geometry* geometry() const { return geometry_; }

 private:
  std::uint32_t shared_ = 0;
  std::vector<std::uint32_t> occurrences_, order_;
  std::array<std::span<const std::uint32_t>, 3> columns_;
  const site_geometry* geometry_ = nullptr;
};

/// What the numbers of a call read of positions; nothing where they read none.
std::optional<connection_geometry> geometry_for(const projection& p);

/// Synapse specifications of one call: each has draws of its own.
inline constexpr std::size_t max_specs = (draw_site::places - 2) / leaves_of_a_spec;

/// One number of the connections of a call.
class number_column {
 public:
  /// `leaf` tells weight, delay and parameters of one call apart; place 0 belongs to the rule, and 1 to nobody. Refers
  /// to the projection and the number.
  number_column(const projection& p, const connection_number& number, std::uint32_t leaf)
      : p_(p), number_(number), place_(2 + p.collocated * leaves_of_a_spec + leaf) {}
  number_column(const projection& p, connection_number&& number, std::uint32_t leaf) = delete;

  bool drawn() const { return std::holds_alternative<parameter_ref>(number_); }
  double at(std::uint64_t entry) const {
    if (const auto* array = std::get_if<std::shared_ptr<const std::vector<double>>>(&number_)) return (**array)[entry];
    return std::get<double>(number_);
  }
  void draw(const draw_owners& owners, std::span<double> out) const;
  /// Two drawn numbers of neighbouring leaves, the first of them even.
  static void draw_both(const number_column& even, const number_column& odd, const draw_owners& owners,
                        std::span<double> even_out, std::span<double> odd_out);

 private:
  draw_sites sites(const draw_owners& owners) const {
    return {{p_.seed, models::purpose::connection_parameter, p_.call}, owners.columns(), place_, owners.geometry()};
  }

  const projection& p_;
  const connection_number& number_;
  std::uint32_t place_;
};

/// The numbers of the connections of one batch of a walk.
class batch_numbers {
 public:
  explicit batch_numbers(const projection& p) : geometry_(geometry_for(p)) {}

  void visit(const id_batch& b);
  /// A number of each connection of the batch visited last.
  void read(const number_column& column, std::vector<double>& out) const;

 private:
  std::vector<std::uint32_t> others_;
  std::vector<std::uint64_t> entries_;
  draw_owners owners_;
  std::optional<connection_geometry> geometry_;
};

}  // namespace volley::runtime
