// The folder in which a server keeps its kernel (volley serve --state DIR): checkpoints, which are saved networks, and
// behind each the log of what clients asked then. `checkpoint-N` is written under another name and appears when it is
// whole; `log-N` begins then. The newest two of each are kept: where the newer checkpoint is damaged, the older one and
// both logs lead to the same.
#pragma once
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "actors/file_place.hpp"
#include "actors/saved_files.hpp"
#include "runtime/cluster/command_log.hpp"
#include "runtime/kernel/network_files.hpp"

namespace volley::actors {

/// What a restart begins with.
struct kept_state {
  std::unique_ptr<runtime::network_reader> checkpoint;  ///< null: an empty network
  std::vector<runtime::cluster::logged::record> behind;
  std::vector<std::string> notes;  ///< what was found to be damaged, and did not matter
};

/// Thread safety: none.
class state_folder {
 public:
  /// Makes the folder if it is not there; nobody else may read it. Nobody else may have it until this object ends.
  /// Throws std::runtime_error: another server has it, it cannot be written, or what it holds is damaged.
  explicit state_folder(std::filesystem::path folder);
  /// Removes it when it was forgotten.
  ~state_folder();

  state_folder(const state_folder&) = delete;
  state_folder& operator=(const state_folder&) = delete;

  /// Of a server's kernels beside the default one, whose folder this is: by name, those that were not forgotten. What
  /// was is removed. REQUIRES: the folder is this process's.
  static std::map<std::string, std::filesystem::path> others(const std::filesystem::path& folder);
  /// A new one for a kernel of this name.
  static std::filesystem::path another(const std::filesystem::path& folder, const std::string& name);

  /// Of the kernel, drawn when the folder was new.
  std::uint64_t kernel() const { return kernel_; }
  /// What was found. REQUIRES: once.
  kept_state take() { return std::move(found_); }

  /// They are on the disk when it returns. Throws runtime::api_error (IOError): none of them is.
  void append(std::span<const runtime::cluster::logged::record> records);
  /// A checkpoint that is to come. Once it is finished the log begins anew. Errors: as for append; those of finish()
  /// are told before anything else has changed.
  std::unique_ptr<runtime::network_writer> begin_checkpoint();
  /// The kernel is dropped: no restart finds it. By any thread. Errors: as for append; it is there still.
  void forget();

 private:
  class checkpoint_writer;
  std::string path(const char* kind, std::uint64_t number) const;
  void begin_log(std::uint64_t number);
  void find();
  runtime::cluster::command_log read_log(std::uint64_t number) const;
  void forget_before(std::uint64_t number);
  [[noreturn]] void refuse(const std::string& file, const std::string& why) const;

  const std::filesystem::path folder_;
  system_saved_files networks_;
  descriptor lock_, log_;
  std::uint64_t kernel_ = 0, number_ = 0, log_bytes_ = 0;
  bool log_is_dirty_ = false;  // something that was refused may lie behind its end
  kept_state found_;
};

}  // namespace volley::actors
