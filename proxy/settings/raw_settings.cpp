#include "proxy/settings/raw_settings.h"

#include <algorithm>
#include <array>
#include <optional>

#include "proxy/base/json.h"
#include "proxy/base/text.h"
#include "proxy/base/url.h"
#include "proxy/settings/option_table.h"
#include "proxy/settings/raw_json.h"
#include "proxy/settings/raw_policies.h"

namespace portero {
namespace {

constexpr std::array<std::string_view, 4> kSections = {"session", "github", "log", "limits"};
constexpr std::array<std::string_view, 5> kSiteKeys = {"redirect_uri", "client_id",
                                                       "client_secret_file", "scope", "cross_site"};
constexpr std::size_t kDepthMax = 8;

/// "log.level", "origins[https://page.example].scope".
std::string join_path(const std::vector<std::string>& path) {
  std::string name;
  for (std::size_t i = 0; i < path.size(); ++i) {
    const bool is_name = i == 1;
    if (is_name && path.front() == "origins") {
      name = name_site(path[i]);
    } else if (is_name && path.front() == "policies") {
      name = name_policy(path[i]);
    } else {
      name += (i == 0 ? "" : ".") + path[i];
    }
  }
  return name;
}

/// nullopt: it is refused as a whole. `above` names what the text is a part of.
std::optional<Json> parse(std::string_view text, std::string_view name,
                          const std::vector<std::string>& above, Findings& findings) {
  std::vector<RepeatedKey> repeated;
  Result<Json, JsonRefusal> json =
      read_operators_json(text, kSettingsFileMax, kDepthMax, &repeated);
  if (!json) {
    findings.mistakes.push_back(make_json_problem(name, text, json.error()));
    return std::nullopt;
  }
  for (const RepeatedKey& key : repeated) {
    std::vector<std::string> path = above;
    path.insert(path.end(), key.path.begin(), key.path.end());
    findings.mistake(join_path(path),
                     "is written twice, at " + describe_place(text, key.first) + " and at " +
                         describe_place(text, key.again),
                     "keep one");
  }
  return std::optional<Json>(std::move(*json));
}

std::vector<std::string> known_names() {
  std::vector<std::string> names = {"origins", "policies"};
  for (const Option& key : all_options()) names.emplace_back(key.name);
  for (const std::string_view section : kSections) names.emplace_back(section);
  return names;
}

void refuse_unknown(const std::string& key, RawSettings& raw, Findings& findings) {
  const std::vector<std::string> names = known_names();
  const std::optional<std::string> meant = find_nearest(key, names);
  if (meant) raw.meant.insert(*meant);
  if (meant == key) {  // as docs/settings.md writes it
    std::string_view rest = key;
    const std::string section(take_part(rest, '.'));
    findings.mistake(key, "is one name with a dot",
                     "write \"" + section + "\": {\"" + std::string(rest) + "\": …}");
    return;
  }
  findings.mistake(key, "is not a setting" + did_you_mean(key, names),
                   "remove it or correct its name (docs/settings.md lists all)");
}

void add_value(const std::string& key, const Json& value, RawSettings& raw, Findings& findings) {
  if (key == "client_secret") {
    raw.meant.insert("client_secret_file");
    findings.mistake(key, "does not belong in a settings file",
                     "put it into a file of its own, mode 0600, and name that in "
                     "`client_secret_file`");
    return;
  }
  if (find_option(key) == nullptr) {
    refuse_unknown(key, raw, findings);
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
  const std::string at = name_site(origin);
  if (!json.is_object()) {
    raw.meant.insert(at + ".redirect_uri");
    findings.mistake(at, "is not an object",
                     R"(write {"redirect_uri": "https://HOST/"}, the page's address)");
    return;
  }
  const std::vector<std::string> names(kSiteKeys.begin(), kSiteKeys.end());
  for (const auto& [key, value] : json.items()) {
    if (std::find(names.begin(), names.end(), key) != names.end()) {
      site[key] = make_raw(value);
      continue;
    }
    const std::optional<std::string> meant = find_nearest(key, names);
    if (meant) raw.meant.insert(std::string(at).append(".").append(*meant));
    findings.mistake(std::string(at).append(".").append(key),
                     "is not a setting of an origin" + did_you_mean(key, names),
                     "remove it or correct its name");
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
  raw.sites.clear();
  if (text.find('{') == std::string::npos) {
    for (const std::string_view url : split_list(text)) add_listed_site(url, raw);
    return;
  }
  const std::optional<Json> json = parse(text, env_name("origins"), {"origins"}, findings);
  if (json) add_sites(*json, raw, findings);
  if (!json) raw.meant.insert("origins");
}

void read_policies_variable(std::string_view text, RawSettings& raw, Findings& findings) {
  const std::optional<Json> json = parse(text, env_name("policies"), {"policies"}, findings);
  if (json) add_policies(*json, raw, findings);
}

/// Every setting by the name of its environment variable.
std::map<std::string, std::string> known_variables() {
  std::map<std::string, std::string> known = {{"PORTERO_SETTINGS", ""},
                                              {env_name("origins"), "origins"},
                                              {env_name("policies"), "policies"}};
  for (const Option& key : all_options()) known[env_name(key.name)] = key.name;
  return known;
}

void refuse_unknown_variables(const Environment& environment, RawSettings& raw,
                              Findings& findings) {
  const std::map<std::string, std::string> known = known_variables();
  std::vector<std::string> names;
  names.reserve(known.size());
  for (const auto& [name, key] : known) names.push_back(name);
  for (const auto& [name, value] : environment) {
    if (!name.starts_with("PORTERO_") || known.contains(name)) continue;
    const std::optional<std::string> meant = find_nearest(name, names);
    if (!meant) {
      // Orchestrators set such names by themselves (PORTERO_SERVICE_HOST): that must not stop us.
      findings.warning(name, "is not a setting and was ignored", "");
      continue;
    }
    raw.meant.insert(known.at(*meant));
    findings.mistake(name, "is not a setting" + did_you_mean(name, names),
                     "unset it or correct its name");
  }
}

}  // namespace

std::string name_site(std::string_view origin) {
  const std::size_t scheme = origin.find("://");
  const std::size_t host = origin.rfind('@');
  if (host == std::string_view::npos) return "origins[" + std::string(origin) + "]";
  const std::size_t user = scheme == std::string_view::npos || scheme > host ? 0 : scheme + 3;
  return "origins[" + std::string(origin.substr(0, user)) + "…" + std::string(origin.substr(host)) +
         "]";
}

void read_raw_file(std::string_view json, std::string_view name, RawSettings& raw,
                   Findings& findings) {
  const std::optional<Json> root = parse(json, name, {}, findings);
  raw.is_whole = root && root->is_object();
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
    } else if (key == "policies") {
      add_policies(value, raw, findings);
    } else if (key.find('.') != std::string::npos) {
      refuse_unknown(key, raw, findings);
    } else {
      add_value(key, value, raw, findings);
    }
  }
}

void read_raw_environment(const Environment& environment, RawSettings& raw, Findings& findings) {
  refuse_unknown_variables(environment, raw, findings);
  for (const Option& key : all_options()) {
    const std::string_view value = value_of(environment, env_name(key.name));
    if (!value.empty()) raw.values[std::string(key.name)] = {std::string(value)};
  }
  const std::string_view origins = value_of(environment, env_name("origins"));
  if (!origins.empty()) read_origins_variable(origins, raw, findings);
  const std::string_view policies = value_of(environment, env_name("policies"));
  if (!policies.empty()) read_policies_variable(policies, raw, findings);
  const std::string_view port = value_of(environment, "PORT");
  if (port.empty() || raw.values.contains("listen")) return;
  raw.values["listen"] = {"0.0.0.0:" + std::string(port)};
}

void read_raw_flags(const CommandLineValues& flags, RawSettings& raw) {
  for (const auto& [key, value] : flags) raw.values[key] = {value};
}

}  // namespace portero
