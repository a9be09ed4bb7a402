// From conn_spec to a rule for nodes with positions (contract, section 13.4). What is the same as without space is read
// by parse_rule, from what is left when the words of space are taken out.
#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include "runtime/base/nearest_name.hpp"
#include "runtime/rules/refusal.hpp"
#include "runtime/rules/rule.hpp"
#include "runtime/space/mask_reader.hpp"
#include "runtime/values/parameter.hpp"

namespace volley::runtime {
namespace {

constexpr std::array rules_of_space{"pairwise_bernoulli", "pairwise_poisson", "fixed_indegree", "fixed_outdegree"};

std::string rule_name(const dictionary& conn_spec) {
  const value* const rule = conn_spec.find("rule");
  const auto* const name = rule == nullptr ? nullptr : rule->get_if<std::string>();
  return name == nullptr ? "" : *name;
}

std::string_view number_key(std::string_view rule) {
  if (rule == "fixed_indegree") return "indegree";
  if (rule == "fixed_outdegree") return "outdegree";
  return rule == "pairwise_poisson" ? "pairwise_avg_num_conns" : "p";
}

const parameter* parameter_in(const value& v) {
  const auto* const p = v.get_if<parameter_ref>();
  return p == nullptr ? nullptr : p->get();
}

bool is_spatial(const value& v) {
  const auto* const p = parameter_in(v);
  return p != nullptr && p->is_spatial();
}

/// conn_spec with the number of its rule under its own name: pairwise_poisson takes its mean as p, too.
dictionary with_own_name(const dictionary& conn_spec) {
  const value* const p = conn_spec.find("p");
  if (p == nullptr || rule_name(conn_spec) != "pairwise_poisson") return conn_spec;
  if (conn_spec.find("pairwise_avg_num_conns") != nullptr)
    refuse_connect(error_kind::ValueError, "pairwise_poisson takes pairwise_avg_num_conns or p, not both");
  auto named = conn_spec;
  named["pairwise_avg_num_conns"] = *p;
  named.erase("p");
  return named;
}

/// The entry as a Parameter or number.
parameter_ref number_or_parameter(const value& v, const std::string& key) {
  if (const auto* const p = v.get_if<parameter_ref>(); p != nullptr && *p != nullptr) return *p;
  const auto number = number_of(v);
  if (!number)
    refuse_connect(error_kind::TypeMismatch,
                   key + " must be a float or a Parameter, not " + std::string(type_name(v)) + " " + to_text(v));
  if (*number != *number) refuse_connect(error_kind::BadProperty, key + " is not a number");
  return parameter::make_constant(*number);
}

class space_parser {
 public:
  space_parser(const dictionary& conn_spec, layer_ref sources, layer_ref targets, unknown_keys& unknown)
      : conn_spec_(conn_spec), rule_(rule_name(conn_spec)), unknown_(unknown) {
    space_.sources = std::move(sources);
    space_.targets = std::move(targets);
  }

  void check() const {
    if (conn_spec_.find("rule") == nullptr)
      refuse_connect(error_kind::KeyErrorBuiltin, "conn_spec has no entry 'rule'");
    if (std::ranges::find(rules_of_space, rule_) == rules_of_space.end())
      refuse_connect(error_kind::ValueError,
                     "rule '" + rule_ + "' cannot be used with masks, probabilities or Parameters of space");
    check_keys();
    if (space_.sources == nullptr || space_.targets == nullptr)
      refuse_connect(error_kind::TypeError,
                     rule_ + ": masks, probabilities and Parameters of space need nodes with positions, " +
                         std::string("all of one layer, on both sides"));
    if (space_.sources->dimensions() != space_.targets->dimensions())
      refuse_connect(error_kind::BadProperty, rule_ + ": the layers have different numbers of dimensions");
  }

  /// conn_spec as without space.
  dictionary plain() const {
    dictionary rest;
    for (const auto& [key, v] : conn_spec_)
      if (key == "rule" || key == "allow_autapses" || key == "allow_multapses" || key == number_key(rule_))
        rest[key] = v;
    if (rule_ != "pairwise_bernoulli" && rule_ != "pairwise_poisson") return rest;
    // Above 1 is certain, below 0 never.
    const bool coin = rule_ == "pairwise_bernoulli";
    const auto given = rest.find(number_key(rule_));
    if (given == nullptr && coin) rest["p"] = 1.0;
    const auto number = given == nullptr ? std::nullopt : number_of(*given);
    if (coin && number) rest["p"] = *number == *number ? std::clamp(*number, 0.0, 1.0) : *number;
    if (given != nullptr && is_spatial(*given)) rest[std::string(number_key(rule_))] = 0.0;  // set when it was checked
    return rest;
  }

  std::shared_ptr<const spatial_rule> read(rule_spec& to) {
    const bool use_on_source = flag("use_on_source");
    space_.origin_at_target = to.kind == rule_kind::fixed_indegree || use_on_source;
    space_.mask.pool = space_.origin_at_target ? space_.sources : space_.targets;
    if (const value* const v = conn_spec_.find("mask"); v != nullptr) {
      space_.mask.region = read_mask(*v, "Connect: mask", unknown_);
      check_mask(*space_.mask.region, *space_.mask.pool, flag("allow_oversized_mask"), "Connect: mask");
    }
    if (to.has_fixed_degree())
      read_degree(to);
    else if (const value* const v = conn_spec_.find(number_key(rule_)); v != nullptr && is_spatial(*v))
      to.number = *v->get_if<parameter_ref>();
    if (const auto* const drawn = std::get_if<parameter_ref>(&to.number); drawn != nullptr && !to.has_fixed_degree())
      require_of_pairs(**drawn, space_, std::string(number_key(rule_)));
    return std::make_shared<const spatial_rule>(space_);
  }

 private:
  void check_keys() const {
    std::vector<std::string> known{"rule", "mask", "allow_autapses", "allow_multapses", "allow_oversized_mask", "p"};
    if (rule_ == "pairwise_bernoulli") known.emplace_back("use_on_source");
    if (rule_ == "pairwise_poisson") known.pop_back();
    if (number_key(rule_) != "p") known.emplace_back(number_key(rule_));
    for (const auto& [key, v] : conn_spec_)
      if (std::ranges::find(known, key) == known.end())
        refuse_connect(error_kind::ValueError, rule_ + " in space has no '" + key + "'" + did_you_mean(key, known));
  }

  bool flag(std::string_view key) const {
    const value* const v = conn_spec_.find(key);
    if (v == nullptr) return false;
    if (!v->is<bool>())
      refuse_connect(error_kind::TypeMismatch,
                     std::string(key) + " must be a bool, not " + type_name(*v) + " " + to_text(*v));
    return *v->get_if<bool>();
  }

  void read_degree(rule_spec& to) {
    if (const auto* const drawn = std::get_if<parameter_ref>(&to.number)) require_of_nodes(**drawn);
    const value* const p = conn_spec_.find("p");
    if (p == nullptr) return;
    const auto chance = number_or_parameter(*p, "p");
    require_of_pairs(*chance, space_, "p");
    if (!chance->is_constant()) {
      space_.chance = chance;
    } else if (!(chance->evaluate(draw_site{}) > 0)) {
      space_.chance = chance;  // nobody can be chosen
    }
  }

  void require_of_nodes(const parameter& degree) const {
    const auto& layer = space_.origin_at_target ? *space_.targets : *space_.sources;
    if (degree.reads().of_pairs())
      refuse_connect(error_kind::BadParameterValue,
                     rule_ + ": a degree belongs to one node; it cannot depend on distances or on the other end");
    if (degree.reads().dimensions() > layer.dimensions())
      refuse_connect(error_kind::KernelException,
                     rule_ + ": the degree reads a coordinate that the layer does not have");
  }

  const dictionary& conn_spec_;
  std::string rule_;
  unknown_keys& unknown_;
  spatial_rule space_;
};

}  // namespace

bool asks_for_space(const dictionary& conn_spec, const std::vector<dictionary>& synapses) {
  const auto rule = rule_name(conn_spec);
  for (const auto& [key, v] : conn_spec) {
    if (key == "mask" || key == "use_on_source" || is_spatial(v)) return true;
    const bool own = (key == "p" && (rule == "pairwise_bernoulli" || rule == "symmetric_pairwise_bernoulli")) ||
                     (key == "pairwise_avg_num_conns" && rule == "pairwise_poisson");
    if ((key == "p" || key == "pairwise_avg_num_conns") && !own) return true;
  }
  return std::ranges::any_of(synapses, [](const dictionary& one) {
    return std::ranges::any_of(one, [](const auto& entry) { return is_spatial(entry.second); });
  });
}

void require_of_pairs(const parameter& p, const spatial_rule& space, const std::string& what) {
  if (p.reads().node != 0)
    refuse_connect(error_kind::BadParameterValue, what +
                                                      ": spatial.pos has no value while nodes are connected; there are "
                                                      "spatial.source_pos and spatial.target_pos");
  if (p.reads().dimensions() > space.sources->dimensions())
    refuse_connect(error_kind::KernelException, what + " reads a coordinate that the layers do not have");
}

rule_spec parse_rule_in_space(const dictionary& conn_spec, node_set sources, node_set targets, layer_ref source_layer,
                              layer_ref target_layer, std::uint32_t seed, std::uint32_t call, unknown_keys& unknown) {
  const auto named = with_own_name(conn_spec);
  space_parser space(named, std::move(source_layer), std::move(target_layer), unknown);
  space.check();
  auto rule = parse_rule(space.plain(), std::move(sources), std::move(targets), seed, call, unknown);
  rule.space = space.read(rule);
  return rule;
}

}  // namespace volley::runtime
