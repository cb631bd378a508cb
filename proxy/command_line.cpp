#include "proxy/command_line.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <map>
#include <memory>
#include <vector>

#include "proxy/settings/option_table.h"
#include "proxy/version.h"

namespace portero {
namespace {

constexpr const char* kSettingsGroup = "Settings";

/// Flags that are no settings, each with the command it belongs to.
struct OwnFlag {
  std::string_view name;
  std::string_view command;  // empty: every one
};
constexpr std::array<OwnFlag, 7> kOwnFlags = {{{"--help", ""},
                                               {"--version", ""},
                                               {"--settings", ""},
                                               {"--offline", "check"},
                                               {"--rotate", "keygen"},
                                               {"--if-missing", "keygen"},
                                               {"--wait", "reload"}}};

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
      ->type_name("FILE")
      ->group(kSettingsGroup);
  for (const Option& key : all_options()) {
    if (!key.on_command_line) continue;
    app.add_option(flag_name(key.name), to[std::string(key.name)], without_ticks(key.meaning))
        ->type_name("TEXT")
        ->group(kSettingsGroup);
  }
}

/// Every command takes them, so the help of each lists them.
void list_settings_in(CLI::App* command, const CLI::App& app) {
  const CLI::Formatter formatter;
  const auto settings = app.get_options(
      [](const CLI::Option* option) { return option->get_group() == kSettingsGroup; });
  command->footer(formatter.make_group(kSettingsGroup, false, settings));
}

std::vector<std::string> command_names(const CLI::App* app) {
  std::vector<std::string> names;
  for (const CLI::App* command : app->get_subcommands({})) names.push_back(command->get_name());
  return names;
}

std::vector<std::string> flag_names() {
  std::vector<std::string> names;
  names.reserve(kOwnFlags.size() + all_options().size());
  for (const OwnFlag& flag : kOwnFlags) names.emplace_back(flag.name);
  for (const Option& key : all_options()) {
    if (key.on_command_line) names.push_back(flag_name(key.name));
  }
  return names;
}

std::string explain_flag(const std::string& flag) {
  const std::string named = "`" + flag + "` ";
  for (const Option& key : all_options()) {
    if (flag_name(key.name) != flag || key.on_command_line) continue;
    if (is_secret(key)) {
      return named +
             "is no flag: a secret is never taken from here; put it into a file and name "
             "that with `--client-secret-file`";
    }
    return named + "is no flag, but a setting: write `" + std::string(key.name) +
           "` into the settings file, or set " + env_name(key.name);
  }
  for (const OwnFlag& own : kOwnFlags) {
    if (flag == own.name) return named + "is a flag of `portero " + std::string(own.command) + "`";
  }
  return named + "is not a flag" + did_you_mean(flag, flag_names());
}

/// A word where a command or nothing should be. One that is near nothing may be a secret and is not
/// repeated.
std::string explain_word(const CLI::App* app, const std::string& word) {
  if (word.starts_with('-')) {
    const std::optional<std::string> flag = find_nearest("-" + word, flag_names());
    return flag ? "`" + word + "`: did you mean `" + *flag + "`?" : "a flag has two dashes";
  }
  const std::vector<CLI::App*> named = app->get_subcommands();
  const bool takes_file = !named.empty() && named.front()->get_name() == "keygen";
  if (word.ends_with(".json") && !takes_file) {
    return "`" + word + "`: write `--settings " + word + "`";
  }
  if (!named.empty()) return "a word too many";
  std::vector<std::string> names = command_names(app);
  names.insert(names.end(), {"help", "version"});
  const std::optional<std::string> nearest = find_nearest(word, names);
  if (!nearest) return "a word that is no command";
  const bool is_flag = *nearest == "help" || *nearest == "version";
  return "`" + word + "` is not a command (did you mean `" + (is_flag ? "--" : "") + *nearest +
         "`?)";
}

/// Names what is not known, with its neighbour, but repeats no value: it may be a secret, and this
/// goes to logs.
std::string explain(const CLI::App* app, const CLI::Error& error) {
  const auto simple = CLI::FailureMessage::simple(app, error);
  if (error.get_exit_code() != static_cast<int>(CLI::ExitCodes::ExtrasError)) {
    return "portero: " + simple;
  }
  std::string text;
  bool is_value = false;  // of the unknown flag before it
  for (const std::string& word : app->remaining(true)) {
    const bool is_flag = word.starts_with("--");
    if (is_flag) {
      text += "portero: " + explain_flag(word.substr(0, word.find('='))) + "\n";
    } else if (!is_value) {
      text += "portero: " + explain_word(app, word) + "\n";
    }
    is_value = is_flag && word.find('=') == std::string::npos;
  }
  text += "Commands:";
  for (const std::string& name : command_names(app)) text += " " + name;
  return text + ". `portero --help` and `portero COMMAND --help` list the flags.\n";
}

}  // namespace

CommandLine read_command_line(int argc, char** argv) {
  CommandLine line;
  std::string file;
  std::map<std::string, std::string> flags;
  CLI::App app(
      "portero: sign in with GitHub for static pages. Every setting is also an environment "
      "variable PORTERO_…; docs/settings.md lists all.",
      "portero");
  app.require_subcommand(0, 1);
  app.failure_message(explain);
  app.set_version_flag("--version", "portero " + std::string(version()), "Print the version");
  add_settings_flags(app, file, flags);
  app.add_subcommand("serve", "Serve pages' sign-ins (this is the default)");
  CLI::App* check = app.add_subcommand("check", "Say what works and what to fix; exit 0 or 1");
  check->add_flag("--offline", line.offline, "Check the settings and files only; use no network");
  CLI::App* keygen = app.add_subcommand("keygen", "Make the file of keys that seal sessions");
  keygen->add_option("FILE", line.keys_file, "Default: session_keys_file of the settings");
  CLI::Option* rotate = keygen->add_flag(
      "--rotate", line.rotate, "Add a key to the file that is there and retire the old ones");
  keygen->add_flag("--if-missing", line.if_missing, "Do nothing when the file is there")
      ->excludes(rotate);
  CLI::App* reload = app.add_subcommand("reload", "Let a running portero read its settings anew");
  reload->add_option("PID", line.pid, "The process. Default: $MAINPID, which systemd sets");
  reload->add_flag("--wait", line.wait, "Wait for the result: exit 0, or 1 with what is wrong");
  CLI::App* health = app.add_subcommand("health", "Ask the running portero whether it is ready");
  for (CLI::App* command : app.get_subcommands({})) {
    command->fallthrough();
    list_settings_in(command, app);
  }
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    line.exit = app.exit(error) == 0 ? 0 : kUsageStatus;
    return line;
  }
  line.help = app.help();
  line.is_named = !app.get_subcommands().empty();
  if (check->parsed()) line.program = Program::kCheck;
  if (keygen->parsed()) line.program = Program::kKeygen;
  if (reload->parsed()) line.program = Program::kReload;
  if (health->parsed()) line.program = Program::kHealth;
  if (!file.empty()) line.settings_file = file;
  for (const auto& [key, value] : flags) {
    if (!value.empty()) line.flags.emplace_back(key, value);
  }
  return line;
}

}  // namespace portero
