#include "proxy/command_line.h"

#include <CLI/CLI.hpp>
#include <map>

#include "proxy/settings/option_table.h"
#include "proxy/version.h"

namespace portero {
namespace {

std::string without_ticks(std::string_view markdown) {
  std::string text;
  for (const char c : markdown) {
    if (c != '`') text += c;
  }
  return text;
}

void add_settings_flags(CLI::App& app, std::string& file, std::map<std::string, std::string>& to) {
  app.add_option("--settings", file,
                 "The settings file. Default: $PORTERO_SETTINGS, else portero.json if it is here")
      ->type_name("FILE");
  for (const Option& key : all_options()) {
    if (!key.on_command_line) continue;
    app.add_option(flag_name(key.name), to[std::string(key.name)], without_ticks(key.meaning))
        ->type_name("TEXT");
  }
}

/// Names the flags that are unknown but repeats no value: it may be a secret, and this goes to
/// logs.
std::string explain(const CLI::App* app, const CLI::Error& error) {
  if (error.get_exit_code() != static_cast<int>(CLI::ExitCodes::ExtrasError)) {
    return CLI::FailureMessage::simple(app, error);
  }
  std::string text = "Not understood:";
  for (const std::string& word : app->remaining(true)) {
    text += word.starts_with("--") ? " " + word.substr(0, word.find('=')) : " (a word)";
  }
  return text + "\nRun with --help for more information; secrets are never taken from here.\n";
}

}  // namespace

CommandLine read_command_line(int argc, char** argv) {
  CommandLine line;
  std::string file;
  std::map<std::string, std::string> flags;
  CLI::App app(
      "portero: sign in with GitHub for static pages. Every setting is also an environment "
      "variable PORTERO_…; "
      "docs/settings.md lists all.");
  app.require_subcommand(0, 1);
  app.failure_message(explain);
  app.set_version_flag("--version", "portero " + std::string(version()), "Print the version");
  add_settings_flags(app, file, flags);
  app.add_subcommand("serve", "Serve pages' sign-ins (this is the default)")->fallthrough();
  CLI::App* check = app.add_subcommand("check", "Say what works and what to fix; exit 0 or 1");
  check->fallthrough();
  check->add_flag("--offline", line.offline, "Check the settings and files only; use no network");
  CLI::App* keygen = app.add_subcommand("keygen", "Make the file of keys that seal sessions");
  keygen->fallthrough();
  keygen->add_option("FILE", line.keys_file, "Default: session_keys_file of the settings");
  CLI::Option* rotate =
      keygen->add_flag("--rotate", line.rotate, "Add a key and retire the old ones");
  keygen->add_flag("--if-missing", line.if_missing, "Do nothing when the file is there")
      ->excludes(rotate);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    line.exit = app.exit(error);
    return line;
  }
  if (check->parsed()) line.program = Program::kCheck;
  if (keygen->parsed()) line.program = Program::kKeygen;
  if (!file.empty()) line.settings_file = file;
  for (const auto& [key, value] : flags) {
    if (!value.empty()) line.flags.emplace_back(key, value);
  }
  return line;
}

}  // namespace portero
