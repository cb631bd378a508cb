#include "proxy/settings/raw_settings.h"

#include <algorithm>
#include <array>
#include <optional>

#include "proxy/base/json.h"
#include "proxy/base/text.h"
#include "proxy/base/url.h"
#include "proxy/settings/option_table.h"

namespace portero {
namespace {

constexpr std::array<std::string_view, 4> kSections = {"session", "github", "log", "limits"};
constexpr std::array<std::string_view, 5> kSiteKeys = {"redirect_uri", "client_id",
                                                       "client_secret_file", "scope", "cross_site"};
constexpr std::size_t kDepthMax = 8;

/// nullopt: it is refused as a whole.
std::optional<Json> parse(std::string_view text, std::string_view name, Findings& findings) {
  std::vector<std::string> repeated;
  Result<Json, JsonFault> json = read_operators_json(text, kSettingsFileMax, kDepthMax, &repeated);
  if (!json) {
    findings.mistakes.push_back(make_json_problem(name, json.error()));
    return std::nullopt;
  }
  for (const std::string& key : repeated) findings.mistake(key, "is written twice", "keep one");
  return std::move(*json);
}

/// Texts without separators only: each stays one entry.
RawValue make_raw_list(const Json& json) {
  RawValue list{"", Shape::kList};
  for (const Json& entry : json) {
    const auto* text = entry.get_ptr<const std::string*>();
    if (text == nullptr || split_list(*text) != std::vector<std::string_view>{*text}) {
      return {"", Shape::kOther};
    }
    list.text += (list.text.empty() ? "" : " ") + *text;
  }
  return list;
}

RawValue make_raw(const Json& json) {
  if (json.is_array()) return make_raw_list(json);
  if (json.is_string()) return {json.get_ref<const std::string&>(), Shape::kText};
  if (json.is_boolean()) return {json.get<bool>() ? "true" : "false", Shape::kFlag};
  if (json.is_number_integer()) return {json.dump(), Shape::kNumber};
  return {"", Shape::kOther};
}

std::vector<std::string> known_names() {
  std::vector<std::string> names = {"origins"};
  for (const Option& key : all_options()) names.emplace_back(key.name);
  for (const std::string_view section : kSections) names.emplace_back(section);
  return names;
}

void refuse_unknown(const std::string& key, Findings& findings) {
  findings.mistake(key, "is not a setting" + did_you_mean(key, known_names()),
                   "remove it or correct its name (docs/settings.md lists all)");
}

void add_value(const std::string& key, const Json& value, RawSettings& raw, Findings& findings) {
  if (key == "client_secret") {
    findings.mistake(key, "does not belong in a settings file",
                     "put it into a file of its own, mode 0600, and name that in "
                     "`client_secret_file`");
    return;
  }
  if (find_option(key) == nullptr) {
    refuse_unknown(key, findings);
    return;
  }
  raw.values[key] = make_raw(value);
}

void add_section(const std::string& section, const Json& json, RawSettings& raw,
                 Findings& findings) {
  if (!json.is_object()) {
    findings.mistake(section, "is not an object", "write {\"key\": value, …}");
    return;
  }
  const std::string prefix = section + ".";
  for (const auto& [key, value] : json.items()) {
    add_value(std::string(prefix).append(key), value, raw, findings);
  }
}

void add_site(const std::string& origin, const Json& json, RawSettings& raw, Findings& findings) {
  RawValues& site = raw.sites[origin];
  const std::string at = "origins[" + origin + "]";
  if (!json.is_object()) {
    findings.mistake(at, "is not an object", "write {\"redirect_uri\": \"" + origin + "/\"}");
    return;
  }
  for (const auto& [key, value] : json.items()) {
    if (std::find(kSiteKeys.begin(), kSiteKeys.end(), key) != kSiteKeys.end()) {
      site[key] = make_raw(value);
      continue;
    }
    const std::string guess = did_you_mean(key, {kSiteKeys.begin(), kSiteKeys.end()});
    findings.mistake(std::string(at).append(".").append(key),
                     "is not a setting of an origin" + guess, "remove it or correct its name");
  }
}

void add_sites(const Json& json, RawSettings& raw, Findings& findings) {
  if (!json.is_object()) {
    findings.mistake("origins", "is not an object",
                     R"(write {"https://page.example": {"redirect_uri": )"
                     R"("https://page.example/"}})");
    return;
  }
  raw.sites.clear();
  for (const auto& [origin, site] : json.items()) add_site(origin, site, raw, findings);
}

/// "https://page.example/app/" -> a site of https://page.example with that redirect_uri.
void add_listed_site(std::string_view url, RawSettings& raw) {
  const std::string origin(origin_of(url));
  raw.sites[origin]["redirect_uri"] = {std::string(url) + (url.size() > origin.size() ? "" : "/")};
}

void read_origins_variable(std::string_view text, RawSettings& raw, Findings& findings) {
  if (text.find('{') != std::string::npos) {
    const std::optional<Json> json = parse(text, env_name("origins"), findings);
    if (json) add_sites(*json, raw, findings);
    return;
  }
  raw.sites.clear();
  for (const std::string_view url : split_list(text)) add_listed_site(url, raw);
}

/// The settings that are not options but have an environment variable of their own.
bool is_other_variable(const std::string& name) {
  return name == "PORTERO_SETTINGS" || name == "PORTERO_ORIGINS";
}

void validate_variable(const std::string& name, Findings& findings) {
  std::vector<std::string> names = {"PORTERO_SETTINGS", env_name("origins")};
  for (const Option& key : all_options()) names.push_back(env_name(key.name));
  if (std::find(names.begin(), names.end(), name) != names.end()) return;
  const std::string guess = did_you_mean(name, names);
  if (!guess.empty()) {
    findings.mistake(name, "is not a setting" + guess, "unset it or correct its name");
    return;
  }
  // Orchestrators set such names by themselves (PORTERO_SERVICE_HOST): that must not stop us.
  findings.warning(name, "is not a setting and was ignored", "");
}

}  // namespace

void read_raw_file(std::string_view json, std::string_view name, RawSettings& raw,
                   Findings& findings) {
  const std::optional<Json> root = parse(json, name, findings);
  if (!root) return;
  if (!root->is_object()) {
    findings.mistake(name, "is not a JSON object", "write {\"client_id\": …}");
    return;
  }
  for (const auto& [key, value] : root->items()) {
    const bool is_section = std::find(kSections.begin(), kSections.end(), key) != kSections.end();
    if (is_section) {
      add_section(key, value, raw, findings);
    } else if (key == "origins") {
      add_sites(value, raw, findings);
    } else if (key.find('.') != std::string::npos) {
      refuse_unknown(key, findings);
    } else {
      add_value(key, value, raw, findings);
    }
  }
}

void read_raw_environment(const Environment& environment, RawSettings& raw, Findings& findings) {
  for (const auto& [name, value] : environment) {
    if (name.starts_with("PORTERO_") && !is_other_variable(name)) validate_variable(name, findings);
  }
  for (const Option& key : all_options()) {
    const std::string_view value = value_of(environment, env_name(key.name));
    if (!value.empty()) raw.values[std::string(key.name)] = {std::string(value)};
  }
  const std::string_view origins = value_of(environment, env_name("origins"));
  if (!origins.empty()) read_origins_variable(origins, raw, findings);
  const std::string_view port = value_of(environment, "PORT");
  if (port.empty() || raw.values.contains("listen")) return;
  raw.values["listen"] = {"0.0.0.0:" + std::string(port)};
}

void read_raw_flags(const CommandLineValues& flags, RawSettings& raw) {
  for (const auto& [key, value] : flags) raw.values[key] = {value};
}

}  // namespace portero
