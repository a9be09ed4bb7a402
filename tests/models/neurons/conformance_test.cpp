// What every neuron model must keep, whatever it computes.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <set>

#include "runtime/base/error.hpp"
#include "tests/runtime/driven_population.hpp"

namespace volley::neurons::tests {
namespace {

using models::bound;
using models::field;
using runtime::api_error;
using runtime::attributes;
using runtime::dictionary;
using runtime::value;
using runtime::tests::driven_population;

constexpr std::uint32_t cells = 21;  // a few vectors and a rest, for every width
constexpr std::uint32_t steps = 600;

class neuron_conformance : public testing::TestWithParam<std::string> {
 protected:
  const models::neuron_model& model = runtime::tests::neuron(GetParam());

  /// Values of all settable real fields that differ between cells, by less than `spread` of themselves, and are legal
  /// together.
  dictionary varied(double spread) const {
    std::vector<std::pair<std::string, std::vector<double>>> columns;
    for (const field& f : model.fields) {
      const double x = is_settable(f) ? default_of(f) : HUGE_VAL;
      if (std::abs(x) <= 1e300) columns.emplace_back(f.name, std::vector<double>(cells, x));
    }
    std::mt19937_64 random(3);
    std::uniform_real_distribution<double> draw(-spread, spread);
    for (std::uint32_t cell = 0; cell < cells; ++cell) {
      const auto usual = columns;
      do {
        double by = 0;
        for (std::size_t i = 0; i < columns.size(); ++i) {
          if (!(model.name.ends_with("lossless") && columns[i].first == "tau_syn_in")) by = draw(random);
          columns[i].second[cell] = usual[i].second[cell] * (1 + by);
        }
      } while (!is_legal(columns, cell));
    }
    dictionary values;
    for (auto& [name, column] : columns) values[name] = std::move(column);
    return values;
  }

  static bool is_settable(const field& f) {
    const bool is_number = f.where != models::part::list && f.where != models::part::group;
    return f.is_key && !f.is_read_only && f.needs == field::nowhere && f.kind == models::field_kind::real && is_number;
  }
  double default_of(const field& f) const { return *attributes(model).get(f.name).get_if<double>(); }
  bool is_legal(const std::vector<std::pair<std::string, std::vector<double>>>& columns, std::uint32_t cell) const {
    dictionary one;
    for (const auto& [name, column] : columns) one[name] = column[cell];
    try {
      attributes(model).set(one);
    } catch (const api_error&) {
      return false;
    }
    return true;
  }

  /// Makes those fire in time that do so by themselves, and those whose adaptation keeps them quiet.
  dictionary lively() const {
    const attributes a(model);
    if (a.has("rate")) return {{"rate", 100.0}};
    return a.has("tau_w") ? dictionary{{"I_e", 1500.0}} : dictionary{};
  }

  /// Random input on every channel, strong enough that cells fire.
  void feed(driven_population& p) const {
    std::mt19937_64 random(4);
    std::exponential_distribution<double> strength(1.0);
    for (runtime::step_t step = 0; step < steps; ++step)
      for (std::uint32_t cell = 0; cell < cells; ++cell)
        for (const models::channel& c : model.channels) {
          if (random() % 10 != 0 || c.member < 0) continue;
          const auto member = static_cast<std::size_t>(c.member);
          if (models::facts_of(c.form).keeps_times) feed_within(p, step, cell, random);
          if (c.form == models::input_form::count || c.form == models::input_form::timed_count)
            p.input(member, step, cell, static_cast<double>(1 + random() % 3));
          else if (c.form == models::input_form::flips)
            p.input(member, step, cell, (step / 25 % 2 == 0 ? 20 : -20) * strength(random));
          else if (c.is_current())
            p.input(member, step, cell, 4000 * (strength(random) - 0.5));
          else
            p.input(member, step, cell, (model.name.find("psc_delta") != model.name.npos ? 8 : 200) * strength(random));
          if (models::facts_of(c.form).splits_by_sign)
            p.input(static_cast<std::size_t>(c.member_below_zero), step, cell, -20 * strength(random));
        }
  }

  /// A few amounts at times of their own, two of them at the same.
  void feed_within(driven_population& p, runtime::step_t step, std::uint32_t cell, std::mt19937_64& random) const {
    const double amount = model.name.find("psc") == model.name.npos ? 2 : 3;
    for (const double offset_ms : {1e-3 * static_cast<double>(1 + random() % 98), 0.05, 0.05})
      p.input_within(step, cell, offset_ms, amount);
  }

  driven_population fed(const dictionary& values, const runtime::loop_set& loops = runtime::best_loops()) const {
    driven_population p(model, cells, values, loops);
    feed(p);
    return p;
  }
};

TEST_P(neuron_conformance, fields_have_names_of_their_own_and_a_meaning) {
  // A key and what is recorded may share a name, as g_ahp of iaf_chxk_2008 does.
  std::set<std::string_view> keys, recorded, stored;
  for (const field& f : model.fields) {
    EXPECT_TRUE(!f.is_key || keys.insert(f.name).second) << f.name;
    EXPECT_TRUE(!f.is_recordable || recorded.insert(f.name).second) << f.name;
    EXPECT_TRUE(f.compute != nullptr || stored.insert(f.name).second) << f.name;
    EXPECT_FALSE(f.meaning.empty()) << f.name;
  }
  for (const field& f : runtime::node_fields) EXPECT_TRUE(keys.insert(f.name).second) << f.name;
  EXPECT_FALSE(model.meaning.empty());
}

TEST_P(neuron_conformance, channels_use_each_member_of_the_input_once) {
  std::set<int> members, receptors_of_spikes, receptors_of_currents;
  for (const models::channel& c : model.channels) {
    auto& receptors = c.is_current() ? receptors_of_currents : receptors_of_spikes;
    EXPECT_TRUE(receptors.insert(c.receptor).second);
    if (c.member < 0) continue;
    EXPECT_TRUE(members.insert(c.member).second);
    if (models::facts_of(c.form).splits_by_sign) {
      EXPECT_TRUE(members.insert(c.member_below_zero).second);
    }
  }
  EXPECT_EQ(members.size(), model.inputs);
}

TEST_P(neuron_conformance, defaults_are_legal) {
  attributes a(model);
  for (const field& f : model.fields)
    if (f.is_key && !f.is_read_only && f.needs == field::nowhere) {
      EXPECT_NO_THROW(a.set({{std::string(f.name), a.get(f.name)}})) << f.name;
    }
  EXPECT_TRUE(model.check(model.default_params.data(), model.default_state.data()) == nullptr);
}

TEST_P(neuron_conformance, what_is_set_is_read_back) {
  driven_population p(model, cells);
  const dictionary values = varied(1e-3);
  p.set(values);
  for (const auto& [name, list] : values)
    for (std::uint32_t cell = 0; cell < cells; ++cell)
      EXPECT_DOUBLE_EQ(p.value_of(name, cell), (*list.get_if<std::vector<double>>())[cell]) << name;
}

TEST_P(neuron_conformance, values_out_of_bounds_are_refused_and_change_nothing) {
  attributes a(model);
  const auto before = a.image();
  for (const field& f : model.fields) {
    if (!is_settable(f)) continue;
    std::vector<double> bad = {std::nan("")};
    if (std::isfinite(f.at_most)) bad.push_back(std::nextafter(f.at_most, HUGE_VAL));
    if (f.range != bound::none) bad.push_back(-1);
    if (f.range == bound::positive) bad.push_back(0);
    if (f.below != field::nowhere) bad.push_back(1e6);
    for (const double x : bad) {
      EXPECT_THROW(a.set({{std::string(f.name), x}}), api_error) << f.name << " " << x;
      EXPECT_EQ(a.image(), before) << f.name;
    }
  }
}

TEST_P(neuron_conformance, what_is_computed_follows_from_the_cell_and_cannot_be_set) {
  auto p = fed(varied(0.02));
  p.run(steps, 10);
  for (const field& f : model.fields) {
    if (f.where != models::part::computed) continue;
    const auto is_its_key = [&](const field& other) { return other.is_key && other.name == f.name; };
    if (f.is_key || std::ranges::none_of(model.fields, is_its_key)) {
      EXPECT_THROW(p.set({{std::string(f.name), 1.0}}), api_error) << f.name;
    }
    const auto recordable = p.nodes().recordable(f.name);
    for (std::uint32_t cell = 0; cell < cells && recordable && f.is_key; ++cell)
      EXPECT_EQ(p.nodes().recorded(*recordable)[cell], p.value_of(f.name, cell)) << f.name;
  }
}

TEST_P(neuron_conformance, state_stays_finite_and_cells_fire_under_random_input) {
  auto p = fed(lively());
  p.run(steps, 10);
  for (const auto& column : p.nodes().values().image())
    for (const double x : column.values) EXPECT_FALSE(std::isnan(x)) << column.name;
  for (std::size_t i = 0; i < p.nodes().recordables().size(); ++i)
    for (std::uint32_t cell = 0; cell < cells; ++cell) EXPECT_LT(std::abs(p.nodes().recorded(i)[cell]), 1e6);
  EXPECT_GT(p.spikes().size(), cells);
  EXPECT_TRUE(p.inputs_were_cleared());
}

/// The three instances of the loop: all uniform, parameters different, derived constants different too.
std::vector<dictionary> instances(const dictionary& varied) {
  std::vector<dictionary> all{{}, varied};
  if (!varied.contains("I_e")) return all;
  std::vector<double> I_e(cells);
  for (std::uint32_t cell = 0; cell < cells; ++cell) I_e[cell] = 40.0 * cell;
  all.push_back({{"I_e", I_e}});
  return all;
}

TEST_P(neuron_conformance, bits_are_the_same_on_every_instruction_set_and_for_any_number_of_steps_a_call) {
  for (const dictionary& values : instances(varied(0.02))) {
    auto reference = fed(values, runtime::runnable_loops().front());
    reference.run(steps, 1);
    const auto image = reference.nodes().values().image();
    for (const auto& loops : runtime::runnable_loops())
      for (const std::uint32_t per_call : {1, 15, 64}) {
        auto p = fed(values, loops);
        p.run(steps, per_call);
        EXPECT_EQ(p.nodes().values().image(), image) << loops.isa << " " << per_call;
        EXPECT_EQ(p.spikes(), reference.spikes()) << loops.isa << " " << per_call;
      }
  }
}

TEST_P(neuron_conformance, a_saved_population_goes_on_with_the_same_bits) {
  const dictionary values = varied(0.02);
  auto whole = fed(values), first = fed(values), second = fed({});
  whole.run(steps, 9);
  first.run(steps / 3, 9);
  second.run(1);  // whatever it was before
  second.nodes().restore(first.nodes().values());
  second.nodes().prepare({});
  second.at(first.now());
  second.spikes() = first.spikes();
  second.run(steps - steps / 3, 7);
  EXPECT_EQ(second.nodes().values().image(), whole.nodes().values().image());
  EXPECT_EQ(second.spikes(), whole.spikes());
}

TEST_P(neuron_conformance, a_cell_does_not_depend_on_its_neighbours) {
  const dictionary values = varied(0.02);
  auto all = fed(values);
  all.run(steps, 15);
  constexpr std::uint32_t last = cells - 1;
  dictionary own;
  for (const auto& [name, list] : values) own[name] = list.get_if<std::vector<double>>()->back();
  driven_population alone(model, 1, own, runtime::best_loops(), {}, {all.nodes().ids()[last], 1, 0});
  driven_population source = fed(values);
  source.copy_input(last, alone);
  alone.run(steps, 15);
  for (const auto& key : all.nodes().recordables())
    EXPECT_EQ(all.nodes().recorded(*all.nodes().recordable(key))[last],
              alone.nodes().recorded(*alone.nodes().recordable(key))[0])
        << key;
  std::vector<runtime::tests::spike> spikes;
  for (auto s : all.spikes())
    if (s.cell == last) spikes.push_back({s.stamp, 0, s.count, s.offset_ms});
  EXPECT_EQ(alone.spikes(), spikes);
}

class refractory_conformance : public neuron_conformance {};

TEST_P(refractory_conformance, a_time_between_two_steps_lasts_until_the_later) {
  const auto t_ref = std::ranges::find(model.fields, "t_ref", &field::name)->column;
  struct trial {
    models::resolution h;
    double between, later, earlier;
  };
  for (const auto& [h, between, later, earlier] : {trial{{0.1, 1000}, 3.92, 4.0, 3.9},
                                                   {{0.25, 1000}, 3.8, 4.0, 3.75},
                                                   {{1.0, 1000}, 3.2, 4.0, 3.0},
                                                   {{10.0, 1000}, 2.0, 10.0, 0.0}}) {
    const auto derived = [&, h = h](double ms) {
      std::vector<double> params(model.default_params.begin(), model.default_params.end());
      params[static_cast<std::size_t>(t_ref)] = ms;
      std::vector<double> result(model.derived);
      model.calibrate(params.data(), h, result.data());
      return result;
    };
    // A constant that counts steps; some models have others that follow the time itself.
    const auto in_between = derived(between), of_later = derived(later), of_earlier = derived(earlier);
    bool counts = false;
    for (std::size_t i = 0; i < of_later.size(); ++i)
      counts |= in_between[i] == of_later[i] && of_later[i] != of_earlier[i];
    EXPECT_TRUE(counts) << h.ms;
  }
}

std::vector<std::string> all_names() {
  std::vector<std::string> names;
  for (const auto& m : models::built_in_neurons()) names.emplace_back(m.name);
  return names;
}

std::vector<std::string> names_with(std::string_view parameter) {
  auto names = all_names();
  std::erase_if(names,
                [&](const std::string& name) { return !attributes(runtime::tests::neuron(name)).has(parameter); });
  return names;
}

INSTANTIATE_TEST_SUITE_P(catalog, neuron_conformance, testing::ValuesIn(all_names()),
                         [](const auto& info) { return info.param; });
INSTANTIATE_TEST_SUITE_P(catalog, refractory_conformance, testing::ValuesIn(names_with("t_ref")),
                         [](const auto& info) { return info.param; });

}  // namespace
}  // namespace volley::neurons::tests
