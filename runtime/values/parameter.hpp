// A PyNEST Parameter: an immutable expression tree that is evaluated once per node, pair or connection. Every draw is a
// pure function of its site and of its number within the evaluation, so values do not depend on layout or order.
#pragma once
#include <span>
#include <vector>

#include "runtime/base/snapshot.hpp"
#include "runtime/values/draw_site.hpp"
#include "runtime/values/expression_program.hpp"
#include "runtime/values/term.hpp"
#include "runtime/values/value.hpp"

namespace volley::runtime {

class parameter {
 public:
  /// The last term is the value. Errors: BadProperty or BadParameterValue for numbers outside their domain,
  /// TypeMismatch where an integer is needed, BadParameter for a tree that is malformed or too large.
  static parameter_ref make(std::vector<term> terms);
  static parameter_ref make_constant(double value);

  std::span<const term> terms() const { return terms_; }
  void save(snapshot_writer& s) const { s(terms_); }
  static parameter_ref load(snapshot_reader& s);

  /// True when the value is the same at every site: no draws, no positions.
  bool is_constant() const { return constant_; }
  /// True when any term depends on positions.
  bool is_spatial() const { return spatial_; }

  /// What of positions it reads.
  const spatial_reads& reads() const { return reads_; }
  /// True when no value can be not-a-number, whatever is drawn, at places that are numbers.
  bool is_number_everywhere() const;

  /// All values lie between these (both included), as far as the terms tell without drawing; least > most where a
  /// redraw can never succeed.
  struct value_bounds {
    double least, most;
  };
  value_bounds bounds() const;

  /// Errors: KernelException when a redraw fails 1000 times or the node has no position, BadParameterValue where the
  /// site has no such place as a spatial term reads.
  double evaluate(const draw_site& site) const;

  /// The same values as evaluate() at each site; allocates nothing per site. `out` says how many.
  void evaluate(const draw_sites& sites, std::span<double> out) const;

  /// The values of `even` at an even place and of `odd` at the place after it, as evaluate() gives them, in less time.
  static void evaluate_both(const parameter& even, const parameter& odd, const draw_sites& sites,
                            std::span<double> even_out, std::span<double> odd_out);

 private:
  explicit parameter(std::vector<term> terms);

  std::vector<term> terms_;
  expression_program program_;
  bool constant_, spatial_;
  spatial_reads reads_;
};

}  // namespace volley::runtime
