// The bytes of one message of each kind, so that a change of a schema that breaks older peers is seen.
#include <gtest/gtest.h>

#include <array>

#include "protocol/api.capnp.h"
#include "protocol/message.hpp"
#include "protocol/spikes.capnp.h"
#include "protocol/values.capnp.h"
#include "tests/protocol/bytes.hpp"

namespace volley::protocol {
namespace {

template <class Number, std::size_t count> capnp::Data::Reader data_of(const std::array<Number, count>& numbers) {
  return {reinterpret_cast<const kj::byte*>(numbers.data()), sizeof numbers};
}

/// What is written has these bytes, and what these bytes say is what was written.
template <class Root, class Fill, class Check> void expect_golden(const char* hex, Fill fill, Check check) {
  EXPECT_EQ(to_hex(write_message<Root>(fill)->bytes()), to_hex(from_hex(hex)->bytes()));
  read_message<Root>(from_hex(hex), check);
}

TEST(schema_golden, hello) {
  const auto check = [](auto in) {
    EXPECT_EQ(in.getToken().size(), 3u);
    EXPECT_EQ(in.getVersion(), "0.1");
    EXPECT_EQ(in.getSession(), 7u);
  };
  expect_golden<Hello>(
      "0000000009000000 0000000002000400 0700000000000000 0000000000000000 0d0000001a000000 0d00000022000000 "
      "0000000000000000 0000000000000000 0102030000000000 302e310000000000",
      [](auto out) {
        out.setToken(data_of(std::array<std::uint8_t, 3>{1, 2, 3}));
        out.setVersion("0.1");
        out.setSession(7);
      },
      check);
  // Of a client that knows no names of kernels.
  read_message<Hello>(from_hex("0000000007000000 0000000001000300 0700000000000000 090000001a000000 0900000022000000 "
                               "0000000000000000 0102030000000000 302e310000000000"),
                      check);
}

TEST(schema_golden, welcome) {
  expect_golden<Welcome>(
      "0000000009000000 0000000006000100 0100000000000000 0200000000000000 0300000000000000 0000000000000000 "
      "0000000000000000 0000000000000000 0100000022000000 302e310000000000",
      [](auto out) {
        out.setSession(1);
        out.setKernel(2);
        out.setVersion("0.1");
        out.setGeneration(3);
      },
      [](auto in) {
        EXPECT_EQ(in.getSession(), 1u);
        EXPECT_EQ(in.getKernel(), 2u);
        EXPECT_EQ(in.getVersion(), "0.1");
        EXPECT_EQ(in.getGeneration(), 3u);
      });
}

void expect_request(Request::Reader in) {
  ASSERT_TRUE(in.isCreateNodes());
  EXPECT_EQ(in.getCreateNodes().getModel(), "iaf");
  EXPECT_EQ(in.getCreateNodes().getCount(), 10);
  EXPECT_EQ(in.getCreateNodes().getParameters().getDictionary().getEntries()[0].getValue().getReal(), 250);
}

TEST(schema_golden, request) {
  expect_golden<Request>(
      "0000000014000000 0000000002000100 0000000000000000 0000000000000000 0000000001000300 0a00000000000000 "
      "0900000022000000 0800000002000100 0000000000000000 6961660000000000 0d00000000000000 0000000000000000 "
      "0000000000000100 0100000017000000 0400000000000200 0500000022000000 0400000002000100 435f6d0000000000 "
      "0300000000000000 0000000000406f40 0000000000000000",
      [](auto out) {
        auto call = out.initCreateNodes();
        call.setModel("iaf");
        call.setCount(10);
        auto entry = call.initParameters().initDictionary().initEntries(1)[0];
        entry.setKey("C_m");
        entry.initValue().setReal(250);
      },
      expect_request);
}

TEST(schema_golden, request_of_a_client_that_knows_no_positions) {
  const auto bytes = from_hex(
      "0000000013000000 0000000002000100 0000000000000000 0000000000000000 0000000001000200 0a00000000000000 "
      "0500000022000000 0400000002000100 6961660000000000 0d00000000000000 0000000000000000 0000000000000100 "
      "0100000017000000 0400000000000200 0500000022000000 0400000002000100 435f6d0000000000 0300000000000000 "
      "0000000000406f40 0000000000000000");
  read_message<Request>(bytes, [](auto in) {
    expect_request(in);
    EXPECT_TRUE(in.getCreateNodes().getPositions().isNone());
  });
}

TEST(schema_golden, reply) {
  expect_golden<Reply>(
      "0000000010000000 0000000004000200 0200000000000000 0000000000000000 0000000000000000 0000000000000000 "
      "0500000017000000 "
      "1000000000000200 0400000001000100 1400000000000000 010000001a000000 686d000000000000 050000004a000000 "
      "090000001a000000 42616444656c6179 0000000000000000 6e6f000000000000",
      [](auto out) {
        out.setGeneration(2);
        auto entry = out.initLog(1)[0];
        entry.setSeverity(20);
        entry.setText("hm");
        auto fault = out.initError();
        fault.setKind("BadDelay");
        fault.setMessage("no");
      },
      [](auto in) {
        EXPECT_EQ(in.getGeneration(), 2u);
        EXPECT_EQ(in.getLog()[0].getSeverity(), 20);
        EXPECT_EQ(in.getError().getKind(), "BadDelay");
        EXPECT_EQ(in.getError().getMessage(), "no");
      });
}

TEST(schema_golden, event) {
  expect_golden<Event>(
      "0000000008000000 0000000001000100 0000000000000000 0000000005000000 000000000000f03f 0000000000000040 "
      "0000000000001040 000000000000e03f 0900000000000000",
      [](auto out) {
        auto now = out.initProgress();
        now.setBeganMs(1);
        now.setNowMs(2);
        now.setEndMs(4);
        now.setWallSeconds(0.5);
        now.setSpikes(9);
      },
      [](auto in) {
        EXPECT_EQ(in.getProgress().getEndMs(), 4);
        EXPECT_EQ(in.getProgress().getWallSeconds(), 0.5);
        EXPECT_EQ(in.getProgress().getSpikes(), 9u);
      });
}

TEST(schema_golden, nodes) {
  expect_golden<Value>(
      "000000000a000000 0000000002000100 0b00000000000000 0000000000000000 0000000001000100 0300000000000000 "
      "010000001f000000 0400000003000000 0100000000000000 0900000000000000 0300000000000000",
      [](auto out) {
        auto nodes = out.initNodes();
        nodes.setGeneration(3);
        auto range = nodes.initRanges(1)[0];
        range.setFirst(1);
        range.setLast(9);
        range.setStep(2);
      },
      [](auto in) {
        EXPECT_EQ(in.getNodes().getGeneration(), 3u);
        EXPECT_EQ(in.getNodes().getRanges()[0].getLast(), 9u);
        EXPECT_EQ(in.getNodes().getRanges()[0].getStep(), 2u);
      });
}

TEST(schema_golden, expression) {
  expect_golden<Value>(
      "000000000f000000 0000000002000100 0c00000000000000 0000000000000000 0000000000000100 0100000037000000 "
      "0800000001000200 0300000000000000 0000000000000000 0d00000015000000 1e00000000000000 0d0000000c000000 "
      "0000000000000000 000000000000f03f 0000000000000040 0000000000000000",
      [](auto out) {
        auto terms = out.initParameter().initTerms(2);
        terms[0].setOperation(Operation::NORMAL);
        auto numbers = terms[0].initNumbers(2);
        numbers.set(0, 1);
        numbers.set(1, 2);
        terms[1].setOperation(Operation::GABOR);
        terms[1].initArguments(1).set(0, 0);
      },
      [](auto in) {
        EXPECT_EQ(in.getParameter().getTerms()[0].getOperation(), Operation::NORMAL);
        EXPECT_EQ(in.getParameter().getTerms()[0].getNumbers()[1], 2);
        EXPECT_EQ(in.getParameter().getTerms()[1].getOperation(), Operation::GABOR);
      });
}

TEST(schema_golden, column) {
  expect_golden<Value>(
      "0000000006000000 0000000002000100 0800000000000000 0000000000000000 0100000082000000 000000000000e03f "
      "0000000000000080",
      [](auto out) {
        out.setReals(data_of(std::array{0.5, -0.0}));
      },
      [](auto in) { EXPECT_EQ(column<double>(in.getReals())[0], 0.5); });
}

TEST(schema_golden, spike_batch) {
  expect_golden<SpikeBatch>(
      "000000000b000000 0000000003000400 0100000002000000 0300000000000000 0400000000000000 0d00000042000000 "
      "0d00000062000000 0000000000000000 0000000000000000 0100000002000000 0500000006000000 0700000000000000",
      [](auto out) {
        out.setVp(1);
        out.setIncarnation(2);
        out.setInterval(3);
        out.setFirstId(4);
        out.setCounts(data_of(std::array<std::uint32_t, 2>{1, 2}));
        out.setSources(data_of(std::array<std::uint32_t, 3>{5, 6, 7}));
      },
      [](auto in) {
        EXPECT_EQ(in.getVp(), 1u);
        EXPECT_EQ(in.getIncarnation(), 2u);
        EXPECT_EQ(in.getInterval(), 3u);
        EXPECT_EQ(in.getFirstId(), 4u);
        EXPECT_EQ(column<std::uint32_t>(in.getCounts())[1], 2u);
        EXPECT_EQ(column<std::uint32_t>(in.getSources())[2], 7u);
        EXPECT_EQ(in.getMultiplicities().size(), 0u);
      });
}

}  // namespace
}  // namespace volley::protocol
