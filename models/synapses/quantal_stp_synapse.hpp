// Short-term depression and facilitation of single release sites (Fuhrmann et al. 2002; Loebel et al. 2009): on average
// that of models with resources, while each site releases and recovers by chance.
//
//   each spike of the source but the first, t after the one before:
//     u = U + u (1 - U) exp(-t / tau_fac), U where tau_fac is 0
//     of the n - a empty sites each recovers with probability 1 - exp(-t / tau_rec)
//   at each spike each of the a sites that are ready releases with probability u and is empty then; weight times their
//   number is transmitted, and nothing where none does
#pragma once
#include <array>
#include <optional>

#include "models/core/distributions.hpp"
#include "models/core/short_term.hpp"
#include "models/core/synapse.hpp"

namespace volley::synapses {
using namespace models::declare;

struct quantal_stp_synapse {
  template <class V> struct params { V U = 0.5, tau_rec = 800, tau_fac = 0, n = 1; };
  template <class V> struct traces { V u = 0.5; };
  template <class V> struct connection { V a = 1; };
  struct chances {
    double sites, recovery, release;
  };
  using P = params<double>;
  using T = traces<double>;
  using C = connection<double>;

  static constexpr std::string_view name = "quantal_stp_synapse";
  static constexpr std::string_view meaning = "short-term depression and facilitation of single release sites";
  static constexpr bool common_parameters = false, common_weight = false;
  static constexpr auto variants = labelled | compact;
  static constexpr bool waits_for_first_spike = true;
  static constexpr std::size_t draws = 2;
  static constexpr auto most_sites = at_most(0x1p31 - 1);
  static constexpr auto fields =
      table(param("U", &P::U, none, "probability of a site's release, without facilitation", non_negative, at_most(1)),
            param("tau_rec", &P::tau_rec, ms, "time constant of recovery", positive),
            param("tau_fac", &P::tau_fac, ms, "time constant of facilitation; 0 for none", non_negative),
            param("n", &P::n, none, "number of release sites", integer, most_sites),
            variable("u", &T::u, none, "probability of a site's release at a spike", non_negative, at_most(1)),
            connection_variable("a", &C::a, none, "number of release sites that are ready", integer, most_sites));
  static_assert(models::covers<P>(fields, models::part::params) && models::covers<T>(fields, models::part::state) &&
                models::covers<C>(fields, models::part::connection));

  static const char* check(const P&, const T&, double) { return nullptr; }

  static T decayed(const P& p, const T& k, double since_last_ms) {
    return {models::next_share(k.u, p.U, p.tau_fac, since_last_ms)};
  }

  static chances at_spike(const P& p, const T& k, double since_last_ms) {
    return {p.n, 1 - models::exp(-since_last_ms / p.tau_rec), k.u};
  }

  static std::optional<double> on_spike(const chances& now, C& c, double weight,
                                        const std::array<double, draws>& uniform) {
    c.a += some(now.sites - c.a, now.recovery, uniform[0]);
    const double released = some(c.a, now.release, uniform[1]);
    if (released == 0) return std::nullopt;
    c.a -= released;
    return released * weight;
  }

  /// How many of `sites` do what each does with probability p.
  static double some(double sites, double p, double uniform) {
    if (sites <= 0) return 0;
    if (sites == 1) return uniform < p ? 1 : 0;
    return static_cast<double>(models::binomial(static_cast<std::uint64_t>(sites), p, uniform));
  }
};

}  // namespace volley::synapses
