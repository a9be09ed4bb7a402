// Files of saved networks: whole or refused, there or not there.
#include "actors/saved_files.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "runtime/base/error.hpp"
#include "tests/actors/full_disk.hpp"

namespace volley::actors {
namespace {

namespace fs = std::filesystem;

using bytes = std::vector<std::byte>;

bytes numbered(std::size_t n) {
  bytes all(n);
  for (std::size_t i = 0; i < n; ++i) all[i] = static_cast<std::byte>(i * 7);
  return all;
}

class saved_files : public testing::Test {
 protected:
  saved_files() : folder_(fs::path(testing::TempDir()) / ("saved_" + std::to_string(::getpid()))) {
    fs::create_directories(folder_ / "root" / "sub");
  }
  ~saved_files() override { fs::remove_all(folder_); }

  std::string path(const std::string& name) const { return (folder_ / name).string(); }
  static void save(runtime::network_files& files, const std::string& path, const std::vector<bytes>& sections,
                   bool overwrite = false) {
    const auto file = files.create(path, overwrite);
    for (const auto& section : sections) file->add(section);
    file->finish();
  }
  static std::vector<bytes> load(runtime::network_files& files, const std::string& path) {
    const auto file = files.open(path);
    std::vector<bytes> sections;
    while (auto section = file->next()) sections.push_back(std::move(*section));
    return sections;
  }
  template <class Call> static std::string refusal(Call&& call) {
    try {
      call();
    } catch (const runtime::api_error& fault) {
      EXPECT_EQ(fault.kind(), runtime::error_kind::IOError);
      return fault.what();
    }
    ADD_FAILURE() << "was accepted";
    return "";
  }
  std::string refused_to_load(const std::string& name) {
    return refusal([&] { load(files_, path(name)); });
  }
  static std::string content(const fs::path& of) {
    std::ifstream in(of, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  void write(const std::string& name, const std::string& content) const {
    std::ofstream(folder_ / name, std::ios::binary) << content;
  }
  std::vector<std::string> names() const {
    std::vector<std::string> found;
    for (const auto& entry : fs::directory_iterator(folder_))
      if (entry.is_regular_file()) found.push_back(entry.path().filename());
    std::ranges::sort(found);
    return found;
  }

  const fs::path folder_;
  system_saved_files files_;
};

TEST_F(saved_files, give_back_what_they_got) {
  for (const auto& sections : std::vector<std::vector<bytes>>{{},
                                                              {{}},
                                                              {numbered(1)},
                                                              {numbered(100), {}, numbered(7)},
                                                              {numbered((std::size_t{1} << 20) + 5), numbered(3)}}) {
    save(files_, path("x"), sections, true);
    EXPECT_EQ(load(files_, path("x")), sections);
  }
  EXPECT_EQ(names(), std::vector<std::string>{"x"});
}

TEST_F(saved_files, that_were_cut_at_any_length_are_refused) {
  save(files_, path("whole"), {numbered(40), numbered(60)});
  const auto whole = content(folder_ / "whole");
  for (std::size_t n = 0; n < whole.size(); ++n) {
    write("cut", whole.substr(0, n));
    const auto why = refused_to_load("cut");
    EXPECT_NE(why.find(n == 0 ? "is no saved network" : "is cut off"), std::string::npos) << n << ": " << why;
  }
  write("cut", whole + "x");
  EXPECT_NE(refused_to_load("cut").find("behind its end"), std::string::npos);
}

TEST_F(saved_files, in_which_any_byte_was_changed_are_refused) {
  save(files_, path("whole"), {numbered(40), numbered(60)});
  const auto whole = content(folder_ / "whole");
  for (std::size_t i = 0; i < whole.size(); ++i)
    for (const int change : {0x01, 0x80, 0xff}) {
      auto changed = whole;
      changed[i] = static_cast<char>(changed[i] ^ change);
      write("changed", changed);
      const auto why = refused_to_load("changed");
      EXPECT_NE(why.find(i < 8 ? "is no saved network" : "is damaged"), std::string::npos) << i << ": " << why;
    }
}

TEST_F(saved_files, whose_sections_were_moved_or_taken_out_are_refused) {
  save(files_, path("whole"), {numbered(40), numbered(40)});
  save(files_, path("other"), {numbered(30), numbered(40)});
  const auto whole = content(folder_ / "whole"), other = content(folder_ / "other");
  const std::size_t head = 64, section = 16 + 40;
  write("without", whole.substr(0, head) + whole.substr(head + section));
  write("mixed", other.substr(0, head + 16 + 30) + whole.substr(head + section));
  for (const char* name : {"without", "mixed"})
    EXPECT_NE(refused_to_load(name).find("its digest is not that of its content"), std::string::npos) << name;
}

TEST_F(saved_files, that_are_none_are_refused) {
  write("text", std::string(500, 'x'));
  write("empty", "");
  EXPECT_NE(refused_to_load("text").find("is no saved network"), std::string::npos);
  EXPECT_NE(refused_to_load("empty").find("is no saved network"), std::string::npos);
  EXPECT_NE(refused_to_load("gone").find("cannot be read"), std::string::npos);
  EXPECT_NE(refused_to_load("root").find("is no ordinary file"), std::string::npos);
  ASSERT_EQ(::mkfifo(path("fifo").c_str(), 0600), 0);
  EXPECT_NE(refused_to_load("fifo").find("is no ordinary file"), std::string::npos);
  EXPECT_NE(refused_to_load("no_folder/x").find("lies in no folder"), std::string::npos);
}

TEST_F(saved_files, are_not_there_until_they_are_finished_and_leave_nothing) {
  {
    const auto file = files_.create(path("x"), false);
    file->add(numbered(10));
    EXPECT_FALSE(fs::exists(path("x")));
  }
  EXPECT_TRUE(names().empty());
}

TEST_F(saved_files, are_replaced_on_request_alone_and_as_a_whole) {
  save(files_, path("x"), {numbered(10)});
  EXPECT_NE(refusal([&] { files_.create(path("x"), false); }).find("overwrite_files"), std::string::npos);
  {
    const auto file = files_.create(path("x"), true);
    file->add(numbered(20));
    EXPECT_EQ(load(files_, path("x")), std::vector<bytes>{numbered(10)});
    file->finish();
  }
  EXPECT_EQ(load(files_, path("x")), std::vector<bytes>{numbered(20)});
  // Somebody else was first.
  const auto late = files_.create(path("y"), false);
  write("y", "theirs");
  EXPECT_NE(refusal([&] { late->finish(); }).find("exists already"), std::string::npos);
  EXPECT_EQ(content(folder_ / "y"), "theirs");
}

TEST_F(saved_files, that_change_while_they_are_read_are_refused) {
  save(files_, path("x"), {numbered(40), numbered(40)});
  const auto file = files_.open(path("x"));
  std::fstream changed(path("x"), std::ios::binary | std::ios::in | std::ios::out);
  changed.seekp(64 + 16 + 40 + 16 + 3);
  changed.put('x').flush();
  EXPECT_EQ(file->next(), numbered(40));
  EXPECT_NE(refusal([&] { file->next(); }).find("section"), std::string::npos);
}

TEST_F(saved_files, of_clients_lie_below_the_root) {
  rooted_saved_files rooted(folder_ / "root");
  save(rooted, "sub/a.volley", {numbered(3)});
  EXPECT_EQ(load(rooted, path("root/sub/a.volley")), std::vector<bytes>{numbered(3)});
  save(files_, path("secret"), {numbered(3)});
  fs::create_symlink(path("secret"), path("root/link"));
  for (const auto& outside : std::vector<std::string>{"../secret", path("secret"), "link", "a b", ""}) {
    EXPECT_NE(refusal([&] { rooted.open(outside); }), "") << outside;
    EXPECT_NE(refusal([&] { rooted.create(outside, true); }), "") << outside;
  }
}

TEST_F(saved_files, that_the_disk_does_not_take_are_refused_and_gone) {
  save(files_, path("x"), {numbered(10)});
  const auto file = files_.create(path("x"), true);
  std::string why;
  {
    const full_disk full(1000);
    why = refusal([&] { file->add(numbered(2000)); });
  }
  EXPECT_NE(why.find("cannot be written"), std::string::npos) << why;
  EXPECT_EQ(load(files_, path("x")), std::vector<bytes>{numbered(10)});
}

}  // namespace
}  // namespace volley::actors
