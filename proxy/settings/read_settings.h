// Makes Settings from a file, the environment and the command line, or one complete list of what to
// fix. Flag > environment > file > default, option by option. Reads files, but neither the
// process's environment (environment.h does) nor the network. Go next to option_table.h (all
// options) and validate.h (which values are valid).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "proxy/settings/raw_settings.h"
#include "proxy/settings/settings.h"

namespace portero {

struct SettingsInput {
  std::optional<std::string> file;  // named by the operator: must exist
  Environment environment;
  CommandLineValues flags;
};

struct ReadSettings {
  Settings settings;  // for use only without mistakes in `findings`
  Findings findings;
  std::string file;                       // the settings file that was read; empty: none
  std::vector<std::string> secret_files;  // every client_secret_file that was named
};

/// Without `file`, PORTERO_SETTINGS names it; without that, portero.json here is read if it exists.
/// The secrets in `input.environment` are wiped.
[[nodiscard]] ReadSettings read_settings(SettingsInput input);

/// Whether an operator set anything at all: a settings file is named or lies here, or there is a
/// variable PORTERO_… or a flag.
[[nodiscard]] bool is_anything_set(const SettingsInput& input);

}  // namespace portero
