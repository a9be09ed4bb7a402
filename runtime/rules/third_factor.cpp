#include "runtime/rules/third_factor.hpp"

#include <algorithm>
#include <utility>

#include "runtime/base/error.hpp"
#include "runtime/base/nearest_name.hpp"

namespace volley::runtime {
namespace {

[[noreturn]] void refuse_tripartite(error_kind kind, const std::string& message) {
  throw api_error(kind, "TripartiteConnect: " + message);
}

class third_factor_parser {
 public:
  third_factor_parser(const dictionary& spec, unknown_keys& unknown, third_factor& to)
      : spec_(spec), unknown_(unknown), third_(to) {}

  void parse() {
    require_third_factor_rule(spec_);
    if (third_.nodes.empty())
      refuse_tripartite(error_kind::IllegalConnection, "Creation of connection is not possible: no third-factor nodes");
    refuse_unknown_keys();
    read_chance();
    read_pool();
    if (third_.blocks) check_blocks();
  }

 private:
  std::string name() const { return to_string(rule_kind::third_factor_bernoulli_with_pool); }

  void refuse_unknown_keys() const {
    const std::vector<std::string> known{"rule", "p", "pool_size", "pool_type"};
    for (const auto& [key, item] : spec_) {
      if (std::ranges::find(known, key) != known.end()) continue;
      unknown_.add(name(), key,
                   "TripartiteConnect: Unaccessed entry in third_factor_conn_spec: " + name() + " has no '" + key +
                       "'" + did_you_mean(key, known));
    }
  }

  [[noreturn]] void refuse_type(std::string_view key, const value& v, const char* wanted) const {
    refuse_tripartite(error_kind::TypeMismatch, name() + ": " + std::string(key) + " must be " + wanted + ", not " +
                                                    type_name(v) + " " + to_text(v));
  }

  void read_chance() {
    const value* const v = spec_.find("p");
    if (v == nullptr) return;
    const auto p = number_of(*v);
    if (!p) refuse_type("p", *v, "a float");
    if (!(*p >= 0 && *p <= 1))
      refuse_tripartite(error_kind::BadProperty, name() + ": p = " + to_text(value(*p)) + " must be in [0, 1]");
    third_.p = *p;
  }

  void read_pool() {
    const auto n = third_.nodes.size();
    third_.pool_size = static_cast<std::uint32_t>(n);
    if (const value* const v = spec_.find("pool_size")) {
      const auto* const size = v->get_if<std::int64_t>();
      if (size == nullptr) refuse_type("pool_size", *v, "an int");
      if (*size < 1 || std::cmp_greater(*size, n))
        refuse_tripartite(error_kind::BadProperty, name() + ": pool_size = " + std::to_string(*size) +
                                                       " must be in 1.." + std::to_string(n) +
                                                       ", the number of third-factor nodes");
      third_.pool_size = static_cast<std::uint32_t>(*size);
    }
    if (const value* const v = spec_.find("pool_type")) {
      const auto* const type = v->get_if<std::string>();
      if (type == nullptr) refuse_type("pool_type", *v, "a str");
      const std::vector<std::string> types{"block", "random"};
      if (std::ranges::find(types, *type) == types.end())
        refuse_tripartite(error_kind::BadProperty, name() + ": pool_type = " + to_text(*v) +
                                                       " must be \"random\" or \"block\"" + did_you_mean(*type, types));
      third_.blocks = *type == "block";
    }
  }

  void check_blocks() const {
    const std::uint64_t n = third_.nodes.size(), targets = third_.primary->targets.size(), size = third_.pool_size;
    if (n == size * targets || (size == 1 && targets % n == 0)) return;
    refuse_tripartite(error_kind::BadProperty, name() + ": blocks of pool_size = " + std::to_string(size) + " need " +
                                                   std::to_string(size * targets) + " third-factor nodes for " +
                                                   std::to_string(targets) + " targets" +
                                                   (size == 1 ? ", or a number that divides them" : "") + ", not " +
                                                   std::to_string(n));
  }

  const dictionary& spec_;
  unknown_keys& unknown_;
  third_factor& third_;
};

rule_spec follower(std::shared_ptr<const third_factor> third) {
  rule_spec rule;
  rule.kind = rule_kind::third_factor_bernoulli_with_pool;
  rule.seed = third->primary->seed;
  rule.call = third->primary->call;
  rule.third = std::move(third);
  return rule;
}

}  // namespace

std::vector<std::string> third_factor_rules() { return {to_string(rule_kind::third_factor_bernoulli_with_pool)}; }

void require_third_factor_rule(const dictionary& spec) {
  const value* const rule = spec.find("rule");
  if (rule == nullptr) refuse_tripartite(error_kind::KeyErrorBuiltin, "third_factor_conn_spec has no entry 'rule'");
  const auto* const text = rule->get_if<std::string>();
  if (text == nullptr)
    refuse_tripartite(error_kind::TypeError,
                      std::string("rule must be a str, not ") + type_name(*rule) + " " + to_text(*rule));
  const auto names = third_factor_rules();
  if (std::ranges::find(names, *text) == names.end())
    refuse_tripartite(error_kind::IllegalConnection,
                      "Creation of connection is not possible: there is no third-factor rule '" + *text +
                          "', only third_factor_bernoulli_with_pool");
}

std::shared_ptr<const third_factor> parse_third_factor(const dictionary& spec, std::shared_ptr<const rule_spec> primary,
                                                       node_set nodes, unknown_keys& unknown) {
  auto third = std::make_shared<third_factor>();
  third->primary = std::move(primary);
  third->nodes = std::move(nodes);
  third_factor_parser(spec, unknown, *third).parse();
  return third;
}

rule_spec into_third(std::shared_ptr<const third_factor> third) {
  auto rule = follower(third);
  rule.sources = third->primary->sources;
  rule.targets = third->nodes;
  return rule;
}

rule_spec out_of_third(std::shared_ptr<const third_factor> third) {
  auto rule = follower(third);
  rule.sources = third->nodes;
  rule.targets = third->primary->targets;
  rule.out_of_third = true;
  return rule;
}

}  // namespace volley::runtime
