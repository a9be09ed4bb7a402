// One change of values by a user, from the dictionary to the columns: read and check everything aside, then write. A
// cell's new values are judged together, so the order of the keys does not matter.
#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "runtime/nodes/attribute_lists.hpp"
#include "runtime/nodes/attributes.hpp"

namespace volley::runtime {

class attribute_change {
 public:
  /// Reads and checks; arguments and errors as attributes::set.
  attribute_change(attributes& target, const dictionary& values, std::span<const std::uint32_t> cells,
                   std::span<const std::uint64_t> positions, const value_reading& how);

  /// Writes the columns; cannot fail. The effect names what must follow.
  change_effect commit();

 private:
  /// A key that is a field, with its new values as the user sees them: one for all cells, or one for each position, or
  /// where they are drawn one for each cell.
  struct assignment {
    const models::field* what;
    std::vector<double> values;
    std::vector<bool> absent;  ///< positions that keep what they have; empty: none
    bool is_list, is_drawn = false;
  };
  /// A column that gets new values, and how: from an assignment, or because the parameter it is relative to changes.
  struct written {
    std::size_t column;
    const models::field* what;
    const assignment* from;
  };
  /// A key that shows a list, with its new lists.
  struct list_assignment {
    const models::field* what;
    given_lists given;
    /// Of cell i at a position; null: it keeps what it has.
    const std::vector<double>* of(std::size_t position) const;
  };

  /// Synaptic elements that some of the cells get.
  struct element_change {
    bool replaces;
    std::vector<std::uint32_t> cells;
    std::vector<element_setting> settings;
  };

  void read(const std::string& key, const value& v, std::uint32_t place);
  bool read_special(const std::string& key, const value& v);
  void read_elements(const std::string& key, const value& v);
  void add_elements(const std::string& key, const value& v, std::vector<std::uint32_t> cells);
  assignment read_field(const models::field& f, const value& v) const;
  const models::field& settable(const std::string& key) const;
  void read_group(const std::string& key, const value& v);
  const dictionary& members_in(const std::string& key, const value& v) const;
  const models::field& settable_member(const std::string& group, const std::string& name) const;
  void assign_member(const models::field& f, const value& v, bool one_a_node);
  void read_list(const models::field& key, const value& v);
  /// From the lists that are given for the keys of list `i`: what its entries' rows get.
  void assign_entries(std::size_t i);
  std::size_t new_length(std::size_t i, std::size_t cell) const;
  void require_all_keys(std::size_t i, std::size_t cell) const;
  assignment entry_assignment(const models::field& row, const std::vector<std::size_t>& lengths) const;
  void require_positions(std::string_view key, std::size_t entries) const;
  std::size_t position(std::size_t i) const { return positions_.empty() ? i : positions_[i]; }
  /// Replaces what only stands for the Parameters in `v` by their draws.
  void draw(assignment& a, const value& v, std::uint32_t place) const;
  std::vector<double> draw_all(const parameter& p, std::uint32_t place) const;
  std::uint64_t id_of(std::size_t i) const { return target_.nodes_[cells_[i]]; }

  void find_written();
  bool same_for_all() const;
  void stage(std::size_t i);
  void check(std::size_t i) const;
  std::optional<double> given(const assignment& a, std::size_t i) const;
  double current(std::size_t column, std::size_t i) const;
  double future(std::size_t column, std::size_t i) const;
  void write_all(std::size_t w);
  void begin_told_spikes_anew(const written& offset);

  std::string subject(std::size_t i) const;
  /// Of what is wrong for all cells.
  std::uint64_t first_place() const { return target_.nodes_.first; }
  std::string shown(const models::field& f, double absolute) const;

  attributes& target_;
  std::span<const std::uint32_t> cells_;
  std::span<const std::uint64_t> positions_;
  value_reading how_;

  std::vector<list_assignment> lists_;
  std::vector<assignment> assignments_;
  std::vector<written> written_;          // parameters first, so that relative fields find the new origin
  std::vector<std::int32_t> written_at_;  // by column: index in written_, or -1
  std::vector<double> staged_;            // [cell i * written_.size() + w], as stored
  std::size_t staged_cells_ = 0;          // 1 when all cells change alike
  std::vector<std::uint32_t> cleared_;
  std::vector<element_change> elements_;
};

}  // namespace volley::runtime
