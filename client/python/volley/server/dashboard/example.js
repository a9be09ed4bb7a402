// A network to try: excitation, inhibition, noise, and recorders; made by the same calls as any client makes them.
import { nest } from "./api.js";

export async function runExample(duration_ms = 20000) {
  const make = (model, n, params) => nest("Create", { model, n, params });
  const e = await make("iaf_psc_alpha", 400, { tau_m: 20, t_ref: 2 });
  const i = await make("iaf_psc_exp", 100, { tau_m: 20, t_ref: 1 });
  const noise = await make("poisson_generator", 1, { rate: 1800 });
  const spikes = await make("spike_recorder", 1, {});
  const meter = await make("voltmeter", 1, { interval: 0.5 });
  const connect = (pre, post, conn_spec, syn_spec) => nest("Connect", { pre, post, conn_spec, syn_spec });
  const all = [...e, ...i],
    some = (indegree) => ({ rule: "fixed_indegree", indegree });
  await connect(noise, e, "all_to_all", { weight: 20, delay: 1.5 });
  await connect(noise, i, "all_to_all", { weight: 40, delay: 1.5 });
  await connect(e, e, some(40), { weight: 60, delay: 1.5 });
  await connect(e, i, some(40), { weight: 120, delay: 1.5 });
  await connect(i, e, some(10), { weight: -420, delay: 1.5 });
  await connect(i, i, some(10), { weight: -840, delay: 1.5 });
  await connect(all, spikes, "all_to_all", {});
  await connect(meter, [e[0], e[1], i[0]], "all_to_all", {});
  await nest("Simulate", { t: duration_ms });
}
