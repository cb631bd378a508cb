#include "proxy/settings/raw_settings.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <set>

#include "proxy/settings/option.h"

namespace portero {
namespace {

using Json = nlohmann::json;

constexpr std::array<std::string_view, 4> kSections = {"session", "github", "log", "limits"};
constexpr std::array<std::string_view, 5> kSiteKeys = {"redirect_uri", "client_id",
                                                       "client_secret_file", "scope", "cross_site"};
constexpr std::string_view kSeparators = ", \t\n";  // of a list in one text
constexpr int kDepthMax = 8;

/// Parses, refusing what nlohmann would let pass: a key written twice, and depth without bound.
Json parse(std::string_view text, std::string_view name, Findings& findings) {
  std::vector<std::set<std::string>> open_objects;
  const auto watch = [&](int depth, Json::parse_event_t event, Json& parsed) {
    using Event = Json::parse_event_t;
    if (depth > kDepthMax) return false;
    if (event == Event::object_start) open_objects.emplace_back();
    if (event == Event::object_end) open_objects.pop_back();
    if (event != Event::key || open_objects.empty()) return true;
    const auto& key = parsed.get_ref<const std::string&>();
    if (!open_objects.back().insert(key).second) {
      findings.mistake(key, "is written twice", "keep one");
    }
    return true;
  };
  Json json = Json::parse(text, watch, /*allow_exceptions=*/false);
  if (json.is_discarded()) {
    findings.mistake(name, "is not valid JSON",
                     "look for a missing quote or a comma too many (`python3 -m json.tool FILE` "
                     "names the line)");
  }
  return json;
}

/// Texts without separators only: each stays one entry.
RawValue make_raw_list(const Json& json) {
  RawValue list{"", Shape::kList};
  for (const Json& entry : json) {
    const auto* text = entry.get_ptr<const std::string*>();
    if (text == nullptr || text->empty() || text->find_first_of(kSeparators) != std::string::npos) {
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
void add_listed_site(const std::string& url, RawSettings& raw) {
  const std::size_t scheme = url.find("://");
  const std::size_t slash = scheme == std::string::npos ? scheme : url.find('/', scheme + 3);
  const bool has_path = slash != std::string::npos;
  raw.sites[url.substr(0, slash)]["redirect_uri"] = {has_path ? url : url + "/"};
}

void read_origins_variable(const std::string& text, RawSettings& raw, Findings& findings) {
  if (text.find('{') != std::string::npos) {
    const Json json = parse(text, env_name("origins"), findings);
    if (!json.is_discarded()) add_sites(json, raw, findings);
    return;
  }
  raw.sites.clear();
  std::size_t begin = text.find_first_not_of(kSeparators);
  while (begin != std::string::npos) {
    const std::size_t end = std::min(text.find_first_of(kSeparators, begin), text.size());
    add_listed_site(text.substr(begin, end - begin), raw);
    begin = text.find_first_not_of(kSeparators, end);
  }
}

/// The settings that are not keys but have a variable of their own.
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
  findings.warnings.push_back(name + ": is not a setting and was ignored");
}

}  // namespace

void Findings::mistake(std::string_view key, std::string_view wrong, std::string_view cure) {
  mistakes.push_back(std::string(key) + ": " + std::string(wrong) + "; " + std::string(cure));
}

void read_raw_file(std::string_view json, std::string_view name, RawSettings& raw,
                   Findings& findings) {
  const Json root = parse(json, name, findings);
  if (root.is_discarded()) return;
  if (!root.is_object()) {
    findings.mistake(name, "is not a JSON object", "write {\"client_id\": …}");
    return;
  }
  for (const auto& [key, value] : root.items()) {
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
    const auto found = environment.find(env_name(key.name));
    if (found == environment.end() || found->second.empty()) continue;
    raw.values[std::string(key.name)] = {found->second};
  }
  const auto origins = environment.find(env_name("origins"));
  if (origins != environment.end() && !origins->second.empty()) {
    read_origins_variable(origins->second, raw, findings);
  }
  const auto port = environment.find("PORT");
  if (port == environment.end() || port->second.empty()) return;
  if (raw.values.find("listen") == raw.values.end()) {
    raw.values["listen"] = {"0.0.0.0:" + port->second};
  }
}

void read_raw_flags(const CommandLineValues& flags, RawSettings& raw) {
  for (const auto& [key, value] : flags) raw.values[key] = {value};
}

}  // namespace portero
