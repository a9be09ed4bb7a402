// The folder of a kernel that outlives its process: what was appended is found again, a checkpoint counts when it is
// whole, and what is damaged is replaced by what came before it, or refused.
#include "actors/state_folder.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>
#include <optional>

#include "runtime/base/error.hpp"
#include "tests/actors/full_disk.hpp"

namespace volley::actors {
namespace {

namespace fs = std::filesystem;
namespace logged = runtime::cluster::logged;
using records = std::vector<logged::record>;

records one(std::uint64_t number) { return {logged::done{{{"s", number}, std::vector<std::byte>(16)}}}; }

class state_on_disk : public testing::Test {
 protected:
  state_on_disk() : path_(fs::path(testing::TempDir()) / ("state_" + std::to_string(::getpid()))) {}
  ~state_on_disk() override { fs::remove_all(path_); }

  void append(std::uint64_t number) { folder_->append(one(number)); }
  void save(char content) {
    const auto file = folder_->begin_checkpoint();
    file->add(std::vector<std::byte>(4096, static_cast<std::byte>(content)));
    file->finish();
  }
  /// As after the end of the process.
  kept_state reopened() {
    folder_.reset();
    folder_.emplace(path_);
    return folder_->take();
  }
  static char content_of(kept_state& kept) {
    return kept.checkpoint ? static_cast<char>(kept.checkpoint->next()->at(0)) : ' ';
  }
  void damage(const char* file, std::streamoff place) {
    std::fstream f(path_ / file, std::ios::in | std::ios::out | std::ios::binary);
    f.seekg(place);
    const char was = static_cast<char>(f.get());
    f.seekp(place);
    f.put(static_cast<char>(was ^ 1));
  }
  std::string refusal() {
    try {
      reopened();
    } catch (const std::runtime_error& why) {
      return why.what();
    }
    return "";
  }

  const fs::path path_;
  std::optional<state_folder> folder_{path_};
};

TEST_F(state_on_disk, is_private_and_belongs_to_one) {
  struct stat about {};
  ASSERT_EQ(::stat(path_.c_str(), &about), 0);
  EXPECT_EQ(about.st_mode & 0777, 0700u);
  save('a');
  for (const auto* name : {"log-1", "checkpoint-1", "lock"}) {
    ASSERT_EQ(::stat((path_ / name).c_str(), &about), 0) << name;
    EXPECT_EQ(about.st_mode & 0777, 0600u) << name;
  }
  EXPECT_THROW(state_folder another(path_), std::runtime_error);
  folder_.reset();
  fs::permissions(path_, fs::perms::group_read, fs::perm_options::add);
  EXPECT_THROW(state_folder another(path_), std::runtime_error);
}

TEST_F(state_on_disk, finds_what_was_appended_and_goes_on) {
  const auto kernel = folder_->kernel();
  EXPECT_NE(kernel, 0u);
  append(1);
  EXPECT_EQ(reopened().behind.size(), 1u);
  append(2);
  const auto kept = reopened();
  EXPECT_EQ(kept.checkpoint, nullptr);
  ASSERT_EQ(kept.behind.size(), 2u);
  EXPECT_EQ(kept.behind[1], one(2)[0]);
  EXPECT_EQ(folder_->kernel(), kernel);
}

TEST_F(state_on_disk, begins_at_the_newest_checkpoint_and_keeps_two) {
  const auto kernel = folder_->kernel();
  append(1);
  save('a');
  append(2);
  save('b');
  append(3);
  save('c');
  append(4);
  auto kept = reopened();
  EXPECT_EQ(content_of(kept), 'c');
  EXPECT_EQ(kept.behind, one(4));
  EXPECT_EQ(folder_->kernel(), kernel);
  EXPECT_FALSE(fs::exists(path_ / "checkpoint-1"));
  EXPECT_TRUE(fs::exists(path_ / "checkpoint-2"));
}

TEST_F(state_on_disk, a_damaged_checkpoint_is_replaced_by_the_one_before_it_and_both_logs) {
  append(1);
  save('a');
  append(2);
  save('b');
  append(3);
  damage("checkpoint-2", 70);
  auto kept = reopened();
  EXPECT_EQ(content_of(kept), 'a');
  ASSERT_EQ(kept.behind.size(), 2u);
  EXPECT_EQ(kept.behind[0], one(2)[0]);
  EXPECT_EQ(kept.behind[1], one(3)[0]);
  EXPECT_EQ(kept.notes.size(), 1u);
  damage("checkpoint-1", 70);
  EXPECT_NE(refusal().find("no checkpoint that is whole"), std::string::npos);
}

TEST_F(state_on_disk, a_torn_tail_is_cut_off_and_damage_elsewhere_refused) {
  append(1);
  append(2);
  const auto size = fs::file_size(path_ / "log-0");
  fs::resize_file(path_ / "log-0", size - 3);
  EXPECT_EQ(reopened().behind, one(1));
  append(3);
  EXPECT_EQ(reopened().behind.size(), 2u);
  damage("log-0", 50);
  EXPECT_NE(refusal().find("is damaged"), std::string::npos);
}

TEST_F(state_on_disk, an_unfinished_checkpoint_is_none) {
  append(1);
  { const auto file = folder_->begin_checkpoint(); }
  std::ofstream(path_ / "checkpoint-1.77-1.part") << "half";
  append(2);
  const auto kept = reopened();
  EXPECT_EQ(kept.checkpoint, nullptr);
  EXPECT_EQ(kept.behind.size(), 2u);
  EXPECT_FALSE(fs::exists(path_ / "checkpoint-1.77-1.part"));
}

TEST_F(state_on_disk, a_server_that_dies_between_a_checkpoint_and_its_log_goes_on_from_it) {
  const auto kernel = folder_->kernel();
  append(1);
  save('a');
  fs::remove(path_ / "log-1");
  auto kept = reopened();
  EXPECT_EQ(content_of(kept), 'a');
  EXPECT_TRUE(kept.behind.empty());
  EXPECT_EQ(folder_->kernel(), kernel);
  append(2);
  EXPECT_EQ(reopened().behind, one(2));
}

TEST_F(state_on_disk, what_a_full_disk_refused_is_not_there_and_can_be_appended_later) {
  append(1);
  {
    const full_disk full(fs::file_size(path_ / "log-0") + 5);
    EXPECT_THROW(append(2), runtime::api_error);
    EXPECT_THROW(save('a'), runtime::api_error);
  }
  append(2);
  save('a');
  append(3);
  auto kept = reopened();
  EXPECT_EQ(content_of(kept), 'a');
  EXPECT_EQ(kept.behind, one(3));
}

TEST_F(state_on_disk, holds_those_of_other_kernels_until_they_are_forgotten) {
  {
    state_folder a(state_folder::another(path_, "a")), b(state_folder::another(path_, "b"));
    const auto again = state_folder::another(path_, "a");
    EXPECT_EQ(again, path_ / "kernel-a.2");
    a.append(one(7));
    EXPECT_EQ(state_folder::others(path_).size(), 2u);
    b.forget();
    EXPECT_EQ(state_folder::another(path_, "b"), path_ / "kernel-b.2") << "nobody writes into another's";
  }
  EXPECT_FALSE(fs::exists(path_ / "kernel-b.1"));
  EXPECT_EQ(state_folder::others(path_), (std::map<std::string, fs::path>{{"a", path_ / "kernel-a.1"}}));
  EXPECT_EQ(state_folder(path_ / "kernel-a.1").take().behind, one(7));
  std::ofstream(path_ / "kernel-a.1" / "dropped");  // by a process that died then
  EXPECT_TRUE(state_folder::others(path_).empty());
  EXPECT_FALSE(fs::exists(path_ / "kernel-a.1"));
}

}  // namespace
}  // namespace volley::actors
