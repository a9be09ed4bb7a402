#include "actors/kernels.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "runtime/base/error.hpp"

namespace volley::actors {
namespace {

using runtime::dictionary;
using runtime::value;

/// Without actors: places are what matters.
struct some_kernels : testing::Test {
  std::vector<kernel_place> places;
  std::vector<std::string> forgotten;
  std::string no_drop;  // why not
  kernels all{4, [this](const kernel_place& where) {
                places.push_back(where);
                return kernels::made{supervisor_actor(), [this, name = where.name] {
                                       if (!no_drop.empty()) throw std::runtime_error(no_drop);
                                       forgotten.push_back(name);
                                     }};
              }};

  std::string refusal(const kernel_wish& wish) {
    try {
      all.open(wish);
    } catch (const runtime::api_error& why) {
      EXPECT_EQ(why.kind(), runtime::error_kind::KernelException);
      return why.what();
    }
    return "";
  }
  std::vector<dictionary> listed(const kernels::lease& by) {
    std::vector<dictionary> told;
    const auto all_of_them = by.list();
    for (const auto& one : *all_of_them.get_if<std::vector<value>>()) told.push_back(*one.get_if<dictionary>());
    return told;
  }
};

TEST_F(some_kernels, are_found_by_name_or_made) {
  const auto one = all.open({}), same = all.open({.name = "default"}), a = all.open({.name = "a"}),
             again = all.open({.name = "a"});
  EXPECT_EQ(one->place().number, 1u);
  EXPECT_EQ(same->place().number, 1u);
  EXPECT_EQ(a->place().number, 2u);
  EXPECT_EQ(again->place().number, 2u);
  EXPECT_EQ(places.size(), 2u);
}

TEST_F(some_kernels, own_ones_end_with_the_session_that_asked_for_them) {
  const auto looking = all.open({});
  auto mine = all.open({.name = "own"}), yours = all.open({.name = "own"});
  const auto name = mine->place().name;
  EXPECT_NE(name, yours->place().name);
  all.open({.name = name, .may_be_made = false});  // somebody looks, and leaves
  EXPECT_EQ(listed(*looking).size(), 3u);
  const auto still = all.open({.name = name});
  mine.reset();
  EXPECT_EQ(still->why_gone(), "its session has ended");
  EXPECT_EQ(listed(*looking).size(), 2u);
  EXPECT_NE(refusal({.name = name}).find("asked for as own"), std::string::npos);
}

TEST_F(some_kernels, are_as_many_as_there_may_be) {
  for (const char* name : {"default", "a", "b", "c"}) all.open({.name = name});
  const auto why = refusal({.name = "d"});
  EXPECT_NE(why.find("no kernel d"), std::string::npos) << why;
  EXPECT_NE(why.find("a, b, c, default"), std::string::npos) << why;
  EXPECT_NE(why.find("--kernels"), std::string::npos) << why;
  all.open({})->drop("b");
  EXPECT_EQ(refusal({.name = "d"}), "");
}

TEST_F(some_kernels, are_not_made_for_who_looks_comes_back_or_has_no_name_for_them) {
  EXPECT_NE(refusal({.name = "a", .may_be_made = false}).find("no kernel a to look at"), std::string::npos);
  EXPECT_NE(refusal({.name = "a", .is_known = true}).find("kernel a of this session is gone"), std::string::npos);
  EXPECT_NE(refusal({.name = "own", .is_known = true}).find("of this session is gone"), std::string::npos);
  for (const auto& name : {std::string("a b"), std::string("../a"), std::string("a.1"), std::string(41, 'a')})
    EXPECT_NE(refusal({.name = name}).find("letters, digits"), std::string::npos) << name;
  EXPECT_TRUE(places.empty());
}

TEST_F(some_kernels, stay_until_they_are_dropped) {
  const auto by = all.open({});
  all.open({.name = "a"});
  const auto a = all.open({.name = "a"});
  EXPECT_EQ(a->place().number, 2u);
  EXPECT_EQ(a->why_gone(), "");
  by->drop("a");
  EXPECT_EQ(a->why_gone(), "it was dropped");
  EXPECT_EQ(forgotten, std::vector<std::string>{"a"});
  EXPECT_EQ(all.open({.name = "a"})->place().number, 3u) << "another one";
  EXPECT_THROW(by->drop("default"), runtime::api_error);
  EXPECT_THROW(by->drop("b"), runtime::api_error);
}

TEST_F(some_kernels, that_cannot_be_forgotten_are_not_dropped) {
  const auto a = all.open({.name = "a"});
  no_drop = "the disk is broken";
  EXPECT_THROW(a->drop("a"), std::runtime_error);
  EXPECT_EQ(a->why_gone(), "");
  EXPECT_EQ(all.open({.name = "a"})->place().number, a->place().number);
}

TEST_F(some_kernels, that_are_lost_keep_their_name_until_they_are_dropped) {
  const auto a = all.open({.name = "a"});
  all.lose("a", "its log is torn");
  EXPECT_EQ(a->why_gone(), "its log is torn");
  EXPECT_EQ(refusal({.name = "a"}), "the kernel a is gone: its log is torn");
  a->drop("a");
  EXPECT_EQ(refusal({.name = "a"}), "");
}

TEST_F(some_kernels, are_listed_with_what_they_show) {
  const auto one = all.open({}), a = all.open({.name = "a"}), b = all.open({.name = "a"});
  a->place().gauge->show({.nodes = 7, .vps = 2, .now_ms = 1.5, .bytes = 30, .runs = true, .lost = "it stood still"});
  const auto told = listed(*one);
  ASSERT_EQ(told.size(), 2u);
  EXPECT_EQ(*told[0].find("name"), value("a"));
  EXPECT_EQ(*told[0].find("sessions"), value(2));
  EXPECT_EQ(*told[0].find("nodes"), value(7));
  EXPECT_EQ(*told[0].find("biological_time"), value(1.5));
  EXPECT_EQ(*told[0].find("running"), value(true));
  EXPECT_EQ(*told[0].find("lost"), value("it stood still"));
  EXPECT_EQ(*told[0].find("here"), value(false));
  EXPECT_EQ(*told[1].find("here"), value(true));
}

TEST_F(some_kernels, share_the_memory) {
  const auto a = all.open({.name = "a"}), b = all.open({.name = "b"});
  EXPECT_EQ(a->place().memory->claim(70, 100), 100);
  EXPECT_EQ(b->place().memory->claim(40, 100), 30);
}

}  // namespace
}  // namespace volley::actors
