// Saved networks without a disk.
#pragma once
#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "runtime/base/error.hpp"
#include "runtime/kernel/network_files.hpp"

namespace volley::runtime::tests {

class saved_in_memory final : public network_files {
 public:
  using sections = std::vector<std::vector<std::byte>>;

  std::unique_ptr<network_writer> create(const std::string& path, bool overwrite) override {
    if (files.contains(path) && !overwrite) throw api_error(error_kind::IOError, "exists");
    return std::make_unique<writer>(files, path);
  }
  std::unique_ptr<network_reader> open(const std::string& path) override {
    if (!files.contains(path)) throw api_error(error_kind::IOError, "there is none");
    return std::make_unique<reader>(files.at(path));
  }

  std::map<std::string, sections> files;

 private:
  struct writer final : network_writer {
    writer(std::map<std::string, sections>& all, std::string path) : to(all), name(std::move(path)) {}
    void add(std::span<const std::byte> section) override { content.emplace_back(section.begin(), section.end()); }
    void finish() override { to[name] = std::move(content); }
    std::map<std::string, sections>& to;
    const std::string name;
    sections content;
  };
  struct reader final : network_reader {
    explicit reader(sections from) : content(std::move(from)) {}
    std::optional<std::vector<std::byte>> next() override {
      if (at == content.size()) return std::nullopt;
      return content[at++];
    }
    const sections content;
    std::size_t at = 0;
  };
};

}  // namespace volley::runtime::tests
