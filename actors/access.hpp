// Who may talk to a server: the same user through a Unix socket, whoever knows the token through TCP.
#pragma once
#include <filesystem>
#include <string>
#include <string_view>

namespace volley::actors {

/// True when the process at the other end of a connected Unix socket runs as this user, or as root.
bool is_same_user(int descriptor);

/// 256 random bits from the kernel, as 64 hexadecimal digits. Throws std::system_error.
std::string make_token();

/// Writes a file that only this user can read; replaces an older one. Throws std::system_error.
void write_private_file(const std::filesystem::path& path, std::string_view text);
/// Writes a token to a file that only this user can read; replaces an older one. Throws std::system_error.
void write_token_file(const std::filesystem::path& path, const std::string& token);

/// The token in a file, or a new one that is there from then on. Throws std::system_error.
std::string kept_token(const std::filesystem::path& path);

/// Compares without telling by its time how much of the token was right.
bool is_token(std::string_view given, std::string_view expected);

/// The folder for sockets of this user: $XDG_RUNTIME_DIR/volley, or else one in /tmp. Made if it is not there.
/// Throws std::runtime_error when others could write there.
std::filesystem::path runtime_folder();

}  // namespace volley::actors
