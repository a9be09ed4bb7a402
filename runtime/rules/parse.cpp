// From conn_spec to a validated rule. Every mistake is found here unless it depends on a draw.
#include <algorithm>
#include <cmath>
#include <string>
#include <string_view>

#include "runtime/base/nearest_name.hpp"
#include "runtime/rules/node_index.hpp"
#include "runtime/rules/refusal.hpp"
#include "runtime/rules/rule.hpp"
#include "runtime/values/parameter.hpp"

namespace volley::runtime {
namespace {

/// The key of the rule's number in conn_spec; empty for rules without one.
std::string_view number_key(rule_kind kind) {
  switch (kind) {
    case rule_kind::fixed_indegree: return "indegree";
    case rule_kind::fixed_outdegree: return "outdegree";
    case rule_kind::fixed_total_number: return "N";
    case rule_kind::pairwise_bernoulli:
    case rule_kind::symmetric_pairwise_bernoulli: return "p";
    case rule_kind::pairwise_poisson: return "pairwise_avg_num_conns";
    case rule_kind::all_to_all:
    case rule_kind::one_to_one:
    case rule_kind::third_factor_bernoulli_with_pool: return {};
  }
  return {};
}

class rule_parser {
 public:
  rule_parser(const dictionary& conn_spec, node_set sources, node_set targets, std::uint32_t seed, std::uint32_t call,
              unknown_keys& unknown)
      : conn_spec_(conn_spec), unknown_(unknown) {
    rule_.sources = std::move(sources);
    rule_.targets = std::move(targets);
    rule_.seed = seed;
    rule_.call = call;
  }

  rule_spec parse() {
    read_kind();
    require_nodes();
    rule_.allow_autapses = flag("allow_autapses", true);
    rule_.allow_multapses = flag("allow_multapses", true);
    rule_.make_symmetric = flag("make_symmetric", false);
    read_number();
    refuse_unknown_keys();
    check_flags();
    check_number();
    return std::move(rule_);
  }

 private:
  std::string name() const { return to_string(rule_.kind); }
  std::uint64_t n_sources() const { return rule_.sources.size(); }
  std::uint64_t n_targets() const { return rule_.targets.size(); }

  void read_kind() {
    const value* const rule = conn_spec_.find("rule");
    if (rule == nullptr) refuse_connect(error_kind::KeyErrorBuiltin, "conn_spec has no entry 'rule'");
    const auto* const text = rule->get_if<std::string>();
    if (text == nullptr)
      refuse_connect(error_kind::TypeError,
                     std::string("rule must be a str, not ") + type_name(*rule) + " " + to_text(*rule));
    const auto names = connection_rules();
    const auto found = std::ranges::find(names, *text);
    if (found == names.end())
      refuse_connect(error_kind::BadProperty,
                     "there is no connection rule '" + *text + "'" + did_you_mean(*text, names));
    rule_.kind = static_cast<rule_kind>(found - names.begin());
  }

  void require_nodes() const {
    if (rule_.sources.empty())
      refuse_connect(error_kind::IllegalConnection, "Creation of connection is not possible: no sources");
    if (rule_.targets.empty())
      refuse_connect(error_kind::IllegalConnection, "Creation of connection is not possible: no targets");
  }

  bool flag(std::string_view key, bool otherwise) const {
    const value* const v = conn_spec_.find(key);
    if (v == nullptr) return otherwise;
    if (!v->is<bool>()) refuse_type(key, *v, "a bool");
    return *v->get_if<bool>();
  }

  [[noreturn]] void refuse_type(std::string_view key, const value& v, const char* wanted) const {
    refuse_connect(error_kind::TypeMismatch, name() + ": " + std::string(key) + " must be " + wanted + ", not " +
                                                 type_name(v) + " " + to_text(v));
  }

  void read_number() {
    const std::string_view key = number_key(rule_.kind);
    if (key.empty()) return;
    const value* const v = conn_spec_.find(key);
    if (v == nullptr) {
      refuse_connect(error_kind::IndexError, name() + " needs '" + std::string(key) +
                                                 "' in conn_spec, which has only " + to_text(value(conn_spec_)));
    }
    const bool is_degree = rule_.kind == rule_kind::fixed_indegree || rule_.kind == rule_kind::fixed_outdegree;
    if (const auto* const p = v->get_if<parameter_ref>(); p != nullptr && *p != nullptr) {
      if (rule_.kind == rule_kind::fixed_total_number) refuse_type(key, *v, "an int");
      if (rule_.kind == rule_kind::symmetric_pairwise_bernoulli) refuse_type(key, *v, "a float");
      fold(*p, is_degree);
    } else if (is_degree || rule_.kind == rule_kind::fixed_total_number) {
      if (!v->is<std::int64_t>()) refuse_type(key, *v, is_degree ? "an int or a Parameter" : "an int");
      rule_.number = *v->get_if<std::int64_t>();
    } else {
      rule_.number = real(key, *v);
    }
  }

  /// A Parameter without draws is a number.
  void fold(const parameter_ref& p, bool is_degree) {
    if (!p->is_constant()) {
      rule_.number = p;
      return;
    }
    const double constant = p->evaluate(draw_site{});
    if (!is_degree) {
      rule_.number = constant;
    } else {
      if (!(std::fabs(constant) < 0x1p62))
        refuse_connect(error_kind::BadProperty,
                       name() + ": a degree of " + to_text(value(constant)) + " is not possible");
      rule_.number = static_cast<std::int64_t>(std::floor(constant + 0.5));
    }
  }

  double real(std::string_view key, const value& v) const {
    if (const auto x = number_of(v)) return *x;
    refuse_type(key, v, "a float or a Parameter");
  }

  void refuse_unknown_keys() const {
    std::vector<std::string> known{"rule", "allow_autapses", "allow_multapses", "make_symmetric"};
    if (!number_key(rule_.kind).empty()) known.emplace_back(number_key(rule_.kind));
    for (const auto& [key, item] : conn_spec_) {
      if (std::ranges::find(known, key) == known.end())
        unknown_.add(
            name(), key,
            "Connect: Unaccessed entry in conn_spec: " + name() + " has no '" + key + "'" + did_you_mean(key, known));
    }
  }

  void check_flags() const {
    const bool symmetric_rule = rule_.kind == rule_kind::symmetric_pairwise_bernoulli;
    if (symmetric_rule) check_symmetric_rule();
    if (rule_.make_symmetric && rule_.kind != rule_kind::one_to_one && !symmetric_rule)
      refuse_connect(error_kind::NotImplemented,
                     name() + ": make_symmetric is possible with one_to_one and symmetric rules alone");
    if (!rule_.allow_multapses && rule_.kind == rule_kind::fixed_total_number)
      refuse_connect(error_kind::NotImplemented, name() + ": allow_multapses = False is not possible with this rule");
    if (!rule_.allow_multapses && rule_.kind == rule_kind::pairwise_poisson)
      refuse_connect(error_kind::BadProperty, name() + ": allow_multapses must be True");
    if (rule_.kind == rule_kind::one_to_one && n_sources() != n_targets()) {
      refuse_connect(error_kind::DimensionMismatch, name() + ": " + std::to_string(n_sources()) + " sources and " +
                                                        std::to_string(n_targets()) +
                                                        " targets: the numbers must be equal");
    }
  }

  void check_symmetric_rule() const {
    if (rule_.allow_autapses) refuse_connect(error_kind::BadProperty, name() + ": allow_autapses must be False");
    if (!rule_.allow_multapses) refuse_connect(error_kind::BadProperty, name() + ": allow_multapses must be True");
    if (!rule_.make_symmetric) refuse_connect(error_kind::BadProperty, name() + ": make_symmetric must be True");
  }

  void check_number() const {
    switch (rule_.kind) {
      case rule_kind::fixed_indegree: return check_degree("indegree", n_sources(), "sources");
      case rule_kind::fixed_outdegree: return check_degree("outdegree", n_targets(), "targets");
      case rule_kind::fixed_total_number: return check_total();
      case rule_kind::pairwise_bernoulli: return check_probability(true);
      case rule_kind::symmetric_pairwise_bernoulli: return check_probability(false);
      case rule_kind::pairwise_poisson: return check_mean();
      case rule_kind::all_to_all:
      case rule_kind::one_to_one:
      case rule_kind::third_factor_bernoulli_with_pool: return;
    }
  }

  void check_degree(const std::string& key, std::uint64_t candidates, const char* what) const {
    const auto* const degree = std::get_if<std::int64_t>(&rule_.number);
    if (degree == nullptr) return;
    const std::string given = name() + ": " + key + " = " + std::to_string(*degree);
    if (*degree < 0) refuse_connect(error_kind::BadProperty, given + " must be >= 0");
    if (*degree > max_degree)
      refuse_connect(error_kind::BadProperty, given + " must be at most " + std::to_string(max_degree));
    const bool one_is_banned = !rule_.allow_autapses && share_nodes(rule_.sources, rule_.targets);
    const std::uint64_t free = candidates - (one_is_banned ? 1 : 0);
    const auto wanted = static_cast<std::uint64_t>(*degree);
    if ((rule_.allow_multapses && wanted > 0 && free == 0) || (!rule_.allow_multapses && wanted > free)) {
      // Scripts look for the capital.
      const std::string degrees = key == "indegree" ? "Indegree" : "Outdegree";
      refuse_connect(error_kind::BadProperty,
                     given + " must be at most " + std::to_string(rule_.allow_multapses ? 0 : free) + ": there are " +
                         std::to_string(candidates) + " " + what +
                         (rule_.allow_multapses ? "" : ", multapses are forbidden") +
                         (one_is_banned ? ", autapses are forbidden" : "") + "; " + degrees + " cannot be met");
    }
  }

  void check_total() const {
    const std::int64_t total = std::get<std::int64_t>(rule_.number);
    const std::string given = name() + ": N = " + std::to_string(total);
    if (total < 0) refuse_connect(error_kind::BadProperty, given + " must be >= 0");
    if (total >= std::int64_t{1} << 53) refuse_connect(error_kind::BadProperty, given + " must be below 2**53");
    const bool no_pair =
        !rule_.allow_autapses && n_sources() == 1 && n_targets() == 1 && share_nodes(rule_.sources, rule_.targets);
    if (total > 0 && no_pair)
      refuse_connect(error_kind::BadProperty, given + " must be 0: there is no pair, since autapses are forbidden");
  }

  void check_probability(bool one_allowed) const {
    const auto* const p = std::get_if<double>(&rule_.number);
    if (p == nullptr) return;
    if (!(*p >= 0 && (one_allowed ? *p <= 1 : *p < 1))) {
      refuse_connect(error_kind::BadProperty,
                     name() + ": p = " + to_text(value(*p)) + " must be in " + (one_allowed ? "[0, 1]" : "[0, 1)"));
    }
  }

  void check_mean() const {
    const auto* const mean = std::get_if<double>(&rule_.number);
    if (mean == nullptr) return;
    const std::string given = name() + ": pairwise_avg_num_conns = " + to_text(value(*mean));
    if (!(*mean >= 0)) refuse_connect(error_kind::BadProperty, given + " must be >= 0");
    const double limit = static_cast<double>(max_degree) / static_cast<double>(n_sources());
    if (*mean > limit)
      refuse_connect(error_kind::BadProperty,
                     given + " must be at most " + to_text(value(limit)) + " with so many sources");
  }

  const dictionary& conn_spec_;
  unknown_keys& unknown_;
  rule_spec rule_;
};

}  // namespace

rule_spec parse_rule(const dictionary& conn_spec, node_set sources, node_set targets, std::uint32_t seed,
                     std::uint32_t call, unknown_keys& unknown) {
  return rule_parser(conn_spec, std::move(sources), std::move(targets), seed, call, unknown).parse();
}

}  // namespace volley::runtime
