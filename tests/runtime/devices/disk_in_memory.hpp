// A disk that tests fill, empty and break.
#pragma once
#include <map>
#include <memory>
#include <string>

#include "runtime/base/error.hpp"
#include "runtime/devices/record_file.hpp"

namespace volley::runtime::tests {

class disk_in_memory final : public record_files {
 public:
  std::map<std::string, std::string> texts;  ///< by path
  bool full = false;
  int writes_left = -1;  ///< below zero: any number

  std::unique_ptr<record_file> open(const std::string& path, bool overwrite) override {
    if (texts.contains(path) && !overwrite) throw api_error(error_kind::IOError, path + " exists already");
    texts[path].clear();
    return go_on(path);
  }
  std::unique_ptr<record_file> go_on(const std::string& path) override {
    if (!texts.contains(path)) return nullptr;
    return std::make_unique<file>(*this, path);
  }

 private:
  struct file final : record_file {
    file(disk_in_memory& d, std::string p) : disk(d), path(std::move(p)) {}
    void append(std::string_view text) override { write(disk.texts[path].size(), text); }
    void write(std::uint64_t at, std::string_view content) override {
      if (disk.full || disk.writes_left == 0) throw api_error(error_kind::IOError, "the disk is full");
      if (disk.writes_left > 0) --disk.writes_left;
      auto& text = disk.texts[path];
      text.resize(std::max<std::size_t>(text.size(), at + content.size()));
      text.replace(at, content.size(), content);
    }
    void cut(std::uint64_t length) override {
      auto& text = disk.texts[path];
      text.resize(std::min<std::size_t>(text.size(), length));
    }
    disk_in_memory& disk;
    std::string path;
  };
};

}  // namespace volley::runtime::tests
