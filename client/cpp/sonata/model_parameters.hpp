// What SONATA's types and groups say of models: which names are parameters, columns of their values, and the groups
// that elements of a population belong to.
#pragma once
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "client/cpp/session.hpp"
#include "client/cpp/sonata/files.hpp"
#include "client/cpp/sonata/hdf5_input.hpp"

namespace volley::client::sonata {

/// Defaults of models: which names are those of parameters, and what counts where nothing else is given.
class model_parameters {
 public:
  explicit model_parameters(Session& session) : session_(session) {}
  /// The default of a parameter; null for other names.
  const Value* find(const std::string& model, const std::string& name);
  /// True for a parameter with one value, no list and no text.
  bool is_single(const std::string& model, const std::string& name);

 private:
  Session& session_;
  std::map<std::string, Dictionary> defaults_;
};

using positions_by_number = std::map<std::int64_t, std::vector<std::size_t>>;

/// Where, among `n`, each number stands that at(position) gives: ascending.
template <class At> positions_by_number positions_of(std::size_t n, At&& at) {
  positions_by_number all;
  auto found = all.end();  // neighbours are often alike
  for (std::size_t i = 0; i < n; ++i) {
    const std::int64_t number = at(i);
    if (found == all.end() || found->first != number) found = all.try_emplace(number).first;
    if (i == 0) found->second.reserve(n);  // often there is one number
    found->second.push_back(i);
  }
  return all;
}

/// A value an element for some parameters of one model.
class parameter_columns {
 public:
  parameter_columns(model_parameters& known, std::string model, std::size_t elements)
      : known_(known), model_(std::move(model)), elements_(elements) {}

  /// A column with the default of each of these, in their order.
  void need(const std::vector<std::string>& names);
  /// A number of each of some elements, or one for all of them; others have the default of the parameter, or the number
  /// that was put first.
  void put(const std::string& name, const std::vector<std::size_t>& elements, const std::vector<double>& numbers,
           bool is_whole);
  /// A column for each, of the kind that the parameter has.
  Dictionary all() const;
  /// One value for each that is the same for all elements.
  Dictionary alike() const;
  /// The names of the others.
  std::vector<std::string> different() const;
  /// One value for what is the same for all, else a column.
  Dictionary values() const;

 private:
  struct column {
    std::vector<double> numbers;
    bool is_flag, is_whole;
    bool is_uniform() const;
    /// Of the first `n` elements.
    Value value(std::size_t n) const;
  };
  column& of(const std::string& name, double first, bool is_whole);

  model_parameters& known_;
  std::string model_;
  std::size_t elements_;
  std::vector<std::pair<std::string, column>> columns_;
};

/// The name of a model that a template names: "nest:iaf_psc_alpha".
std::string model_name(const std::string& model_template);

/// The model parameters in the JSON file that a type names as `dynamics_params`; empty without one. Throws
/// builtins.KeyError where the configuration has no folder for it.
Dictionary dynamics_of(const Dictionary& type, const std::string* folder);

/// Which group an element belongs to, and its row in the group's columns.
struct group_place {
  std::int64_t group, row;
};
/// Of the elements [first, first + count) of a population; without the datasets, the one group in order. `kind`: "node"
/// or "edge". Throws KernelException where several groups are there, and nothing says which.
std::vector<group_place> group_places(const hdf5_input& file, const std::string& population, const std::string& kind,
                                      std::uint64_t first, std::uint64_t count);

/// The default of what is a parameter; null for other names.
using default_finder = std::function<const Value*(const std::string& name)>;

/// The values that groups give to elements.
struct group_column {
  std::string name;
  bool is_whole;
  std::vector<std::size_t> elements;  ///< positions among those that were asked for
  std::vector<double> numbers;        ///< of each of these
};
/// Columns of parameters; those in dynamics_params, the names of which all count, come last. Throws KernelException for
/// a group that the file lacks, a column that does not have a number for each of the elements, and a parameter that
/// does not have one value.
std::vector<group_column> group_columns(const hdf5_input& file, const std::string& population, const std::string& kind,
                                        const std::vector<group_place>& places, const default_finder& default_of);

/// Throws builtins.ValueError for what is no number: `key` in a file.
void check_number(const std::string& file, const std::string& key, const Value& v);

/// Throws KernelException for a type without a row in its CSV file. `where` begins the message.
const Dictionary& type_at(const type_rows& types, std::int64_t id, const std::string& where);

}  // namespace volley::client::sonata
