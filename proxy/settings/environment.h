// The process's environment, read once, before any thread starts.
#pragma once

#include "proxy/settings/raw_settings.h"

namespace portero {

/// Copies the variables that settings are read from. Those that hold a secret are then overwritten
/// where they lie, so that neither /proc/PID/environ nor a child process shows them.
/// REQUIRES: no other thread runs.
[[nodiscard]] Environment take_environment(char** variables);

}  // namespace portero
