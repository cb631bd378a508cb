#include "proxy/settings/read_settings.h"

#include <filesystem>

#include "proxy/base/private_file.h"
#include "proxy/base/url.h"
#include "proxy/settings/option_table.h"
#include "proxy/settings/read_values.h"
#include "proxy/settings/secret_file.h"
#include "proxy/settings/validate.h"

namespace portero {
namespace {

constexpr std::string_view kDefaultFile = "portero.json";

std::string text_of(const RawValues& values, std::string_view key) {
  const auto found = values.find(key);
  return found == values.end() ? "" : found->second.text;
}

/// The settings file to read; empty: none.
std::string choose_file(const SettingsInput& input) {
  if (input.file) return *input.file;
  const std::string_view named = value_of(input.environment, "PORTERO_SETTINGS");
  if (!named.empty()) return std::string(named);
  std::error_code error;
  return std::filesystem::exists(kDefaultFile, error) ? std::string(kDefaultFile) : "";
}

/// GitHub's other addresses follow from its web address.
void derive_addresses(const RawValues& values, GithubSettings& github) {
  constexpr std::string_view kCloud = ".ghe.com";
  constexpr std::string_view kHttps = "https://";
  while (github.url.ends_with('/')) github.url.pop_back();
  if (values.find("github.issuer") == values.end()) github.issuer = github.url + "/login/oauth";
  if (values.find("github.api_url") != values.end()) return;
  if (github.url == "https://github.com") return;
  const bool is_cloud = github.url.ends_with(kCloud) && github.url.starts_with(kHttps);
  github.api_url =
      is_cloud ? "https://api." + github.url.substr(kHttps.size()) : github.url + "/api/v3";
}

/// The secret of one origin: its own file, else the common file, else the environment's.
void read_secret(const std::string& key, const std::string& path, const Environment& environment,
                 Site& site, ReadSettings& read) {
  const std::string directory(value_of(environment, "CREDENTIALS_DIRECTORY"));
  site.client_secret = read_secret_file(key, path, directory, read.findings);
  read.secret_files.push_back(path);
}

void make_sites(const RawSettings& raw, const Draft& draft, const Environment& environment,
                ReadSettings& read) {
  Site common;
  if (!draft.client_secret_file.empty()) {
    read_secret("client_secret_file", draft.client_secret_file, environment, common, read);
  } else {
    common.client_secret = draft.client_secret;
  }
  for (const auto& [origin, values] : raw.sites) {
    const std::string at = "origins[" + origin + "]";
    check_site_shapes(at, values, read.findings);
    Site site;
    site.origin = origin;
    site.insecure_cookie = origin.starts_with("http://") && is_loopback_url(origin);
    site.redirect_uri = text_of(values, "redirect_uri");
    site.client_id = values.contains("client_id") ? text_of(values, "client_id") : draft.client_id;
    site.scope = values.contains("scope") ? text_of(values, "scope") : draft.scope;
    site.cross_site = !values.contains("cross_site") || text_of(values, "cross_site") == "true";
    site.client_secret = common.client_secret;
    const std::string own_file = text_of(values, "client_secret_file");
    if (!own_file.empty()) {
      read_secret(at + ".client_secret_file", own_file, environment, site, read);
    } else if (values.contains("client_id") && site.client_id != draft.client_id) {
      read.findings.mistake(at + ".client_secret_file", "is missing beside an own client_id",
                            "name the file with that app's secret");
    }
    read.settings.sites.push_back(std::move(site));
  }
}

bool has_secret(const Draft& draft) {
  return !draft.client_secret_file.empty() || !draft.client_secret.empty();
}

void wipe_secrets(Environment& environment) {
  for (const Option& key : all_options()) {
    if (!is_secret(key)) continue;
    const auto found = environment.find(env_name(key.name));
    if (found != environment.end()) wipe(found->second);
  }
}

}  // namespace

ReadSettings read_settings(SettingsInput input) {
  ReadSettings read;
  RawSettings raw;
  read.file = choose_file(input);
  if (!read.file.empty()) {
    const Result<std::string, Problem> json = read_small_file(read.file, kSettingsFileMax);
    if (json) read_raw_file(*json, read.file, raw, read.findings);
    if (!json) read.findings.mistakes.push_back(json.error());
  }
  read_raw_environment(input.environment, raw, read.findings);
  read_raw_flags(input.flags, raw);

  Draft draft;
  read_values(raw.values, draft, read.findings);
  derive_addresses(raw.values, draft.settings.github);
  while (draft.settings.public_url.ends_with('/')) draft.settings.public_url.pop_back();
  read.settings = std::move(draft.settings);
  make_sites(raw, draft, input.environment, read);
  if (raw.sites.empty()) validate_app(draft.client_id, !has_secret(draft), read.findings);
  validate_settings(read.settings, read.findings);
  for (auto& [key, value] : raw.values) {
    if (is_secret(*find_option(key))) wipe(value.text);
  }
  wipe_secrets(input.environment);
  return read;
}

}  // namespace portero
