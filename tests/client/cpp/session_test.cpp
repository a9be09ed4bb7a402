#include "client/cpp/session.hpp"

#include <gtest/gtest.h>

#include "tests/client/cpp/fake_kernel.hpp"

namespace volley::client {
namespace {

using protocol::Reply;
using protocol::Request;

std::vector<std::int64_t> integers(capnp::Data::Reader data) {
  const auto column = protocol::column<std::int64_t>(data);
  return {column.begin(), column.end()};
}

std::string text(capnp::Text::Reader from) { return from.cStr(); }

class session : public testing::Test {
 protected:
  /// The request that `call` makes, as `check` sees it; `reply` answers it.
  void expect(
      const std::function<void()>& call, const std::function<void(Request::Reader)>& check,
      const std::function<void(Reply::Builder)>& reply = [](Reply::Builder) {}) {
    int asked = 0;
    kernel->answers([&](Request::Reader request, Reply::Builder out) {
      ++asked;
      check(request);
      reply(out);
    });
    call();
    EXPECT_EQ(asked, 1);
  }
  NodeCollection nodes(std::uint64_t first, std::uint64_t last) {
    NodeCollection result;
    expect([&] { result = nest.GetNodes(); }, [](Request::Reader) {},
           [&](Reply::Builder out) {
             auto range = out.initNodes().initRanges(1)[0];
             range.setFirst(first), range.setLast(last);
           });
    return result;
  }

  std::shared_ptr<fake_kernel> kernel = std::make_shared<fake_kernel>();
  Session nest{std::make_unique<fake_channel>(kernel)};
};

TEST_F(session, create_returns_the_new_nodes) {
  NodeCollection created;
  expect(
      [&] {
        created = nest.Create("iaf_psc_delta", 100, Dictionary{{"tau_m", 20.0}});
      },
      [](Request::Reader in) {
        EXPECT_EQ(text(in.getCreateNodes().getModel()), "iaf_psc_delta");
        EXPECT_EQ(in.getCreateNodes().getCount(), 100);
        EXPECT_EQ(in.getCreateNodes().getParameters().getDictionary().getEntries()[0].getValue().getReal(), 20.0);
      },
      [](Reply::Builder out) {
        auto range = out.initNodes().initRanges(1)[0];
        range.setFirst(1), range.setLast(100);
      });
  EXPECT_EQ(created.ranges(), (node_ranges{{1, 100, 1}}));
}

TEST_F(session, connect_takes_names_and_dictionaries) {
  const auto pre = nodes(1, 5), post = nodes(6, 9);
  expect([&] { nest.Connect(pre, post); },
         [](Request::Reader in) {
           EXPECT_EQ(text(in.getConnect().getRule().getEntries()[0].getValue().getText()), "all_to_all");
           EXPECT_EQ(text(in.getConnect().getSynapses()[0].getEntries()[0].getValue().getText()), "static_synapse");
           EXPECT_EQ(in.getConnect().getTargets().getRanges()[0].getFirst(), 6u);
         });
  expect(
      [&] {
        nest.Connect(pre, post, Dictionary{{"rule", "fixed_indegree"}, {"indegree", 3}},
                     Dictionary{{"weight", random::uniform()}});
      },
      [](Request::Reader in) {
        EXPECT_EQ(in.getConnect().getRule().getEntries()[1].getValue().getInteger(), 3);
        EXPECT_TRUE(in.getConnect().getSynapses()[0].getEntries()[0].getValue().isParameter());
      });
  expect(
      [&] {
        nest.Connect(pre, post, "one_to_one", std::vector<Dictionary>{{{"weight", 1.0}}, {{"weight", 2.0}}});
      },
      [](Request::Reader in) { EXPECT_EQ(in.getConnect().getSynapses().size(), 2u); });
}

TEST_F(session, tripartite_connect_sends_three_parts) {
  const auto some = nodes(1, 2), third = nodes(5, 7);
  expect([&] { nest.TripartiteConnect(some, some, third, "all_to_all", "with_pool"); },
         [](Request::Reader in) {
           const auto call = in.getTripartiteConnect();
           EXPECT_EQ(call.getThird().getRanges()[0].getFirst(), 5u);
           EXPECT_EQ(text(call.getThirdRule().getEntries()[0].getValue().getText()), "with_pool");
           for (const auto part : {call.getPrimary(), call.getThirdIn(), call.getThirdOut()})
             EXPECT_EQ(text(part[0].getEntries()[0].getValue().getText()), "static_synapse");
         });
  tripartite_synapses synapses;
  synapses.third_out = std::vector<Dictionary>{{{"weight", 1.0}}, {{"weight", 2.0}}};
  expect([&] { nest.TripartiteConnect(some, some, third, "all_to_all", "with_pool", synapses); },
         [](Request::Reader in) { EXPECT_EQ(in.getTripartiteConnect().getThirdOut().size(), 2u); });
}

TEST_F(session, connect_arrays_sends_columns) {
  const std::vector<std::int64_t> sources = {3, 1, 3}, targets = {2, 2, 2};
  expect(
      [&] {
        nest.ConnectArrays(sources, targets, {{"weight", Column<double>{1, 2, 3}}});
      },
      [&](Request::Reader in) {
        EXPECT_EQ(integers(in.getConnectArrays().getSources()), sources);
        EXPECT_EQ(integers(in.getConnectArrays().getTargets()), targets);
      });
}

TEST_F(session, disconnect_defaults_to_one_to_one) {
  const auto some = nodes(1, 2);
  expect([&] { nest.Disconnect(some, some); },
         [](Request::Reader in) {
           EXPECT_EQ(text(in.getDisconnect().getRule().getEntries()[0].getValue().getText()), "one_to_one");
         });
  EXPECT_EQ(kind_of_error([&] { nest.Disconnect(some, some, "one_to_one", std::vector<Dictionary>(2)); }),
            "BadProperty");
}

TEST_F(session, get_connections_leaves_absent_filters_out) {
  const auto source = nodes(1, 2);
  const auto reply = [](Reply::Builder out) {
    const std::int64_t column[] = {7};
    const capnp::Data::Reader data(reinterpret_cast<const kj::byte*>(column), sizeof column);
    auto found = out.initConnections();
    found.setSources(data), found.setTargets(data), found.setModels(data), found.setPorts(data);
  };
  expect([&] { EXPECT_EQ(nest.GetConnections(source, {}, "stdp_synapse").size(), 1u); },
         [](Request::Reader in) {
           EXPECT_TRUE(in.getGetConnections().hasSources());
           EXPECT_FALSE(in.getGetConnections().hasTargets());
           EXPECT_EQ(text(in.getGetConnections().getSynapseModel()), "stdp_synapse");
           EXPECT_EQ(in.getGetConnections().getLabel(), -1);
         },
         reply);
  EXPECT_TRUE(nest.GetConnections(NodeCollection()).empty());
}

TEST_F(session, models) {
  const auto defaults = [](Reply::Builder out) {
    auto entry = out.initValue().initDictionary().initEntries(1)[0];
    entry.setKey("tau_m");
    entry.initValue().setReal(10);
  };
  expect([&] { EXPECT_EQ(nest.GetDefaults("iaf_psc_exp", "tau_m"), Value(10.0)); },
         [](Request::Reader in) { EXPECT_EQ(text(in.getGetDefaults()), "iaf_psc_exp"); }, defaults);
  expect(
      [&] {
        nest.SetDefaults("iaf_psc_exp", {{"tau_m", 20.0}});
      },
      [](Request::Reader in) { EXPECT_EQ(text(in.getSetDefaults().getModel()), "iaf_psc_exp"); });
  expect(
      [&] {
        nest.CopyModel("stdp_synapse", "mine", {{"lambda", 0.1}});
      },
      [](Request::Reader in) { EXPECT_EQ(text(in.getCopyModel().getNew()), "mine"); });
}

TEST_F(session, kernel_status) {
  const auto status = [](Reply::Builder out) {
    auto entry = out.initValue().initDictionary().initEntries(1)[0];
    entry.setKey("resolution");
    entry.initValue().setReal(0.1);
  };
  expect([&] { EXPECT_EQ(nest.GetKernelStatus("resolution"), Value(0.1)); },
         [](Request::Reader in) { EXPECT_EQ(in.getGetKernelStatus().size(), 1u); }, status);
  expect([&] { nest.GetKernelStatus(); }, [](Request::Reader in) { EXPECT_EQ(in.getGetKernelStatus().size(), 0u); },
         status);
  expect(
      [&] {
        nest.SetKernelStatus({{"rng_seed", 5}});
      },
      [](Request::Reader in) { EXPECT_EQ(in.getSetKernelStatus().getEntries()[0].getValue().getInteger(), 5); });
  expect([&] { nest.ResetKernel(); }, [](Request::Reader in) { EXPECT_TRUE(in.isResetKernel()); });
}

TEST_F(session, structural_plasticity_is_a_setting) {
  const auto is = [](bool on) {
    return [on](Request::Reader in) {
      const auto setting = in.getSetKernelStatus().getEntries()[0];
      EXPECT_EQ(text(setting.getKey()), "structural_plasticity");
      EXPECT_EQ(setting.getValue().getBoolean(), on);
    };
  };
  expect([&] { nest.EnableStructuralPlasticity(); }, is(true));
  expect([&] { nest.DisableStructuralPlasticity(); }, is(false));
}

TEST_F(session, simulation) {
  expect([&] { nest.Prepare(); }, [](Request::Reader in) { EXPECT_TRUE(in.isPrepare()); });
  expect([&] { nest.Run(5); }, [](Request::Reader in) { EXPECT_EQ(in.getRun(), 5); });
  expect([&] { nest.Cleanup(); }, [](Request::Reader in) { EXPECT_TRUE(in.isCleanup()); });
  expect([&] { nest.Simulate(0.1); }, [](Request::Reader in) { EXPECT_EQ(in.getSimulate(), 0.1); });
}

TEST_F(session, saved_networks) {
  expect([&] { nest.Save("a.volley"); }, [](Request::Reader in) { EXPECT_EQ(text(in.getSave()), "a.volley"); });
  expect([&] { nest.Load("b.volley"); }, [](Request::Reader in) { EXPECT_EQ(text(in.getLoad()), "b.volley"); });
  expect([&] { EXPECT_TRUE(nest.DescribeSaved("c").empty()); },
         [](Request::Reader in) { EXPECT_EQ(text(in.getDescribeSaved()), "c"); },
         [](Reply::Builder out) { out.initValue().initDictionary(); });
  expect([&] { nest.rescale(3); }, [](Request::Reader in) { EXPECT_EQ(in.getRescale(), 3); });
  expect([&] { nest.drain(2); }, [](Request::Reader in) { EXPECT_EQ(in.getDrain(), 2u); });
  expect([&] { nest.drop_kernel("a"); }, [](Request::Reader in) { EXPECT_EQ(text(in.getDropKernel()), "a"); });
  expect([&] { EXPECT_EQ(nest.kernels().size(), 1u); }, [](Request::Reader in) { EXPECT_TRUE(in.isListKernels()); },
         [](Reply::Builder out) { out.initValue().initValues(1)[0].initDictionary(); });
}

TEST_F(session, parameters_are_evaluated_by_the_kernel) {
  const auto some = nodes(1, 2);
  expect([&] { EXPECT_EQ(nest.GetValue(random::uniform()), 0.5); },
         [](Request::Reader in) { EXPECT_FALSE(in.getEvaluate().hasNodes()); },
         [](Reply::Builder out) { out.initValue().setReal(0.5); });
  expect(
      [&] {
        EXPECT_EQ(nest.apply(random::uniform(), some), (Column<double>{0.5, 0.25}));
      },
      [](Request::Reader in) { EXPECT_TRUE(in.getEvaluate().hasNodes()); },
      [](Reply::Builder out) {
        const double values[] = {0.5, 0.25};
        out.initValue().setReals({reinterpret_cast<const kj::byte*>(values), sizeof values});
      });
}

TEST_F(session, nodes_of_ids_are_checked_by_the_kernel) {
  const std::vector<std::uint64_t> ids = {1, 2, 5}, unsorted = {2, 1}, twice = {1, 1}, zero = {0};
  expect([&] { EXPECT_EQ(nest.nodes(ids).size(), 3u); }, [](Request::Reader in) { EXPECT_TRUE(in.isDescribeNodes()); },
         [](Reply::Builder out) { out.initValue().initValues(0); });
  EXPECT_EQ(kind_of_error([&] { nest.nodes(unsorted); }), "BadProperty");
  EXPECT_EQ(kind_of_error([&] { nest.nodes(twice); }), "BadProperty");
  EXPECT_EQ(kind_of_error([&] { nest.nodes(zero); }), "UnknownNode");
}

TEST_F(session, a_collection_outlives_its_session) {
  NodeCollection kept = nodes(1, 2);
  nest = Session(std::make_unique<fake_channel>(std::make_shared<fake_kernel>()));
  kernel->answers(nullptr);
  kept.set({{"V_m", 1.0}});
  EXPECT_EQ(kernel->count_of(Request::SET_NODE_VALUES), 1u);
}

}  // namespace
}  // namespace volley::client
