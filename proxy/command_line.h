// The command line: which of the commands, and which settings as flags. CLI11 reads it, only
// here. Secrets are never flags.
#pragma once

#include <optional>
#include <string>

#include "proxy/settings/raw_settings.h"

namespace portero {

enum class Program { kServe, kCheck, kKeygen, kReload, kHealth };

/// The exit status of a command line that is not understood, as of most programs.
inline constexpr int kUsageStatus = 2;

struct CommandLine {
  Program program = Program::kServe;
  bool is_named = false;  // false: no command was written, so it is `serve`
  std::string help;       // the list of commands and flags
  std::optional<std::string> settings_file;
  CommandLineValues flags;
  bool offline = false;     // check: files only, no network
  bool rotate = false;      // keygen: add a key to a file that is there
  bool if_missing = false;  // keygen: be content with a file that is there
  std::string keys_file;    // keygen: the file; empty: session_keys_file of the settings
  bool wait = false;        // reload: until it has ended
  std::string pid;          // reload: of the running portero; empty: $MAINPID
  std::optional<int> exit;  // set (--help, --version, a mistake): exit with it now
};

/// Help and the version go to standard output, mistakes to standard error.
[[nodiscard]] CommandLine read_command_line(int argc, char** argv);

}  // namespace portero
