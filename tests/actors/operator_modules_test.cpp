#include "actors/operator_modules.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <span>
#include <stdexcept>
#include <string>

#include "actors/sha256.hpp"
#include "runtime/base/error.hpp"
#include "tests/actors/scratch_folder.hpp"

namespace volley::actors {
namespace {

namespace fs = std::filesystem;

std::string digest_of(const std::string& text) {
  sha256 digest;
  digest.add(std::as_bytes(std::span(text)));
  return digest.digits();
}

/// A folder with one module, and another for what clients record.
class operators_modules : public testing::Test {
 protected:
  operators_modules() {
    for (const auto& one : {folder, root}) fs::create_directory(one);
    fs::permissions(folder, fs::perms(0755));
    put("mine.so", "code");
  }
  void put(const std::string& name, const std::string& text) {
    fs::remove(folder / name);
    std::ofstream(folder / name) << text;
    fs::permissions(folder / name, fs::perms(0644));
  }
  operator_modules made() const { return {folder, root}; }
  /// Why this module is not to be had; empty: it is.
  static std::string refusal(const operator_modules& from, const std::string& name) {
    try {
      from.find(name);
      return "";
    } catch (const runtime::api_error& e) {
      EXPECT_EQ(e.kind(), runtime::error_kind::DynamicModuleManagementError);
      EXPECT_EQ(std::string(e.what()).find("Install: the module '" + name.substr(0, name.find('\0')) + "'"), 0u);
      return e.what();
    }
  }
  static void expect(const std::string& text, const std::string& part) {
    EXPECT_NE(text.find(part), std::string::npos) << text << " lacks " << part;
  }
  /// What a server or worker says that does not start with this folder.
  std::string fault() const { return fault_of(folder, root); }
  static std::string fault_of(const fs::path& of, const fs::path& data_root) {
    try {
      operator_modules(of, data_root);
      return "";
    } catch (const std::runtime_error& e) {
      return e.what();
    }
  }
  static std::string text_of(const runtime::module_files::file& module) {
    std::ifstream in(module.path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  const scratch_folder all;
  const fs::path folder = all.path / "modules", root = all.path / "records";
};

TEST_F(operators_modules, are_files_of_one_folder_that_nobody_else_writes_to) {
  const auto allowed = made();
  EXPECT_EQ(refusal(allowed, "mine"), "");
  EXPECT_EQ(refusal(allowed, "mine.so"), "");
  fs::create_symlink(folder / "mine.so", folder / "link.so");
  fs::create_directory(folder / "inner.so");
  for (const auto* name : {"link", "inner"})
    expect(refusal(allowed, name), "no file that the operator alone may write");
  expect(refusal(allowed, "gone"), "none of this name");
  for (const auto* name : {"../mine", "/mine", ".mine", "", "a b"}) expect(refusal(allowed, name), "its name must be");
  fs::permissions(folder / "mine.so", fs::perms::others_write, fs::perm_options::add);
  expect(refusal(allowed, "mine"), "no file that the operator alone may write");
}

TEST_F(operators_modules, lie_in_a_folder_that_nobody_else_writes_to) {
  EXPECT_EQ(fault(), "");
  expect(fault_of(folder / "gone", root), "there is no folder of modules");
  for (const auto& records : {all.path, folder}) expect(fault_of(folder, records), "lies where clients record");
  fs::permissions(folder, fs::perms::group_write, fs::perm_options::add);
  expect(fault(), "others may write to the folder");
}

TEST_F(operators_modules, are_loaded_as_they_were_when_their_digest_was_taken) {
  const auto module = made().find("mine");
  EXPECT_EQ(module.digest, digest_of("code"));
  std::ofstream(folder / "mine.so") << "else";
  EXPECT_EQ(text_of(module), "code");
  EXPECT_FALSE(std::ofstream(module.path, std::ios::app) << "more" << std::flush) << "nobody can change it";
  EXPECT_EQ(text_of(module), "code");
  const auto next = made().find("mine");
  EXPECT_EQ(next.digest, digest_of("else"));
  EXPECT_NE(next.path, module.path);
  EXPECT_EQ(text_of(next), "else");
}

TEST_F(operators_modules, are_those_of_the_list_where_there_is_one) {
  const auto allowed = made();
  put("other.so", "other code");
  put("allowed.sha256", digest_of("code") + "  mine.so\n" + digest_of("new code") + " *mine.so\n");
  EXPECT_EQ(refusal(allowed, "mine"), "");
  EXPECT_EQ(fault(), "");
  expect(refusal(allowed, "other"), "it is not in the operator's list");
  expect(refusal(allowed, "gone"), "it is not in the operator's list");
  put("mine.so", "new code");
  EXPECT_EQ(refusal(allowed, "mine"), "") << "either will do";
  put("mine.so", "bad code");
  testing::internal::CaptureStderr();
  const auto why = refusal(allowed, "mine");
  expect(testing::internal::GetCapturedStderr(), "mine.so has the SHA-256 " + digest_of("bad code"));
  expect(why, "its file is not the one in the operator's list");
  for (const auto* text : {"code", "new code", "bad code"})
    EXPECT_EQ(why.find(digest_of(text)), std::string::npos) << "clients are told no digest";
  put("allowed.sha256", "");
  expect(refusal(allowed, "mine"), "it is not in the operator's list");
}

TEST_F(operators_modules, are_none_where_the_list_is_wrong) {
  const auto good = digest_of("code") + "  mine.so\n";
  const auto allowed = made();
  for (const auto& line : {digest_of("code") + " mine.so", digest_of("code") + "  modules/mine.so",
                           digest_of("code").substr(1) + "  mine.so", "x" + digest_of("code") + "  mine.so",
                           digest_of("code"), std::string(), std::string("# mine.so")}) {
    put("allowed.sha256", good + line + "\n");
    expect(fault(), "line 2 of " + (fs::canonical(folder) / "allowed.sha256").string());
    testing::internal::CaptureStderr();
    expect(refusal(allowed, "mine"), "list of what is allowed cannot be used");
    expect(testing::internal::GetCapturedStderr(), "no module is loaded: line 2 of ");
  }
  put("allowed.sha256", good);
  EXPECT_EQ(fault(), "");
  fs::permissions(folder / "allowed.sha256", fs::perms::group_write, fs::perm_options::add);
  expect(fault(), "no file that its owner alone may write");
  expect(refusal(allowed, "mine"), "list of what is allowed cannot be used");
  fs::remove(folder / "allowed.sha256");
  fs::create_symlink(folder / "mine.so", folder / "allowed.sha256");
  expect(fault(), "no file that its owner alone may write");
}

}  // namespace
}  // namespace volley::actors
