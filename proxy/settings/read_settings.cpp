#include "proxy/settings/read_settings.h"

#include <filesystem>

#include "proxy/base/private_file.h"
#include "proxy/base/url.h"
#include "proxy/settings/github_app.h"
#include "proxy/settings/judge_url.h"
#include "proxy/settings/option_table.h"
#include "proxy/settings/paths.h"
#include "proxy/settings/read_policies.h"
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

void cut_slashes(std::string& address) {
  while (address.ends_with('/')) address.pop_back();
}

/// GitHub's other addresses follow from its web address; from a wrong one nothing does.
void derive_addresses(const RawValues& values, GithubSettings& github) {
  constexpr std::string_view kCloud = ".ghe.com";
  constexpr std::string_view kHttps = "https://";
  for (std::string* address : {&github.url, &github.api_url, &github.issuer, &github.proxy}) {
    cut_slashes(*address);
  }
  if (!judge_url(github.url, {}).wrong.empty()) return;
  if (!values.contains("github.issuer")) github.issuer = github.url + "/login/oauth";
  if (values.contains("github.api_url")) return;
  if (github.url == "https://github.com") return;
  const bool is_cloud = github.url.ends_with(kCloud) && github.url.starts_with(kHttps);
  github.api_url =
      is_cloud ? "https://api." + github.url.substr(kHttps.size()) : github.url + "/api/v3";
}

/// Reads what the sites have in common and what each has of its own.
class Sites {
 public:
  /// What is missing goes to `whole`.
  Sites(const Draft& draft, const Environment& environment, ReadSettings& read, Findings& whole)
      : draft_(draft),
        credentials_directory_(value_of(environment, "CREDENTIALS_DIRECTORY")),
        read_(read),
        whole_(whole) {}

  void read_all(const RawSettings& raw) {
    validate_client_id("client_id", draft_.client_id, read_.findings);
    validate_scope("scope", draft_.scope, read_.findings);
    read_common_secret();
    read_proxy_credentials();
    const bool is_app_needed = raw.sites.empty();
    lacks_id_ = is_app_needed && draft_.client_id.empty();
    lacks_secret_ = is_app_needed && !has_common_secret_;
    for (const auto& [origin, values] : raw.sites) add(origin, values);
  }
  [[nodiscard]] bool lacks_id() const { return lacks_id_; }
  [[nodiscard]] bool lacks_secret() const { return lacks_secret_; }

 private:
  /// The common file's secret, else the environment's.
  void read_common_secret() {
    const std::string& path = draft_.client_secret_file;
    has_common_secret_ = !path.empty() || !draft_.client_secret.empty();
    if (!path.empty()) {
      common_secret_ = read_secret("client_secret_file", path, draft_.client_id);
    } else if (has_common_secret_) {
      std::string text(draft_.client_secret.reveal());
      cut_line_end(text);
      const auto problem = judge_secret(env_name("client_secret"), text, draft_.client_id);
      if (problem) read_.findings.mistakes.push_back(*problem);
      common_secret_ = Secret(text);
      wipe(text);
    }
  }

  void read_proxy_credentials() {
    const std::string& path = draft_.proxy_credentials_file;
    if (path.empty()) return;
    read_.settings.github.proxy_credentials = read_credentials_file(
        "github.proxy_credentials_file", path, credentials_directory_, read_.findings);
    read_.secret_files.push_back(path);
  }

  Secret read_secret(const std::string& key, const std::string& path,
                     const std::string& client_id) {
    read_.secret_files.push_back(path);
    return read_secret_file(key, path, credentials_directory_, client_id, read_.findings);
  }

  void add(const std::string& origin, const RawValues& values) {
    const std::string at = name_site(origin);
    check_site_shapes(at, values, read_.findings);
    Site site;
    site.origin = origin;
    site.insecure_cookie = origin.starts_with("http://") && is_loopback_url(origin);
    site.redirect_uri = text_of(values, "redirect_uri");
    site.client_id = values.contains("client_id") ? text_of(values, "client_id") : draft_.client_id;
    site.scope = values.contains("scope") ? text_of(values, "scope") : draft_.scope;
    site.cross_site = !values.contains("cross_site") || text_of(values, "cross_site") == "true";
    if (values.contains("client_id")) {
      validate_client_id(at + ".client_id", site.client_id, read_.findings);
    }
    if (values.contains("scope")) validate_scope(at + ".scope", site.scope, read_.findings);
    add_secret(at, values, site);
    lacks_id_ = lacks_id_ || site.client_id.empty();
    read_.settings.sites.push_back(std::move(site));
  }

  /// Its own file's secret, else the common one.
  void add_secret(const std::string& at, const RawValues& values, Site& site) {
    const std::string key = at + ".client_secret_file";
    const std::string own_file = text_of(values, "client_secret_file");
    const bool is_own_app = values.contains("client_id") && site.client_id != draft_.client_id;
    site.client_secret = common_secret_;
    if (!own_file.empty()) {
      site.client_secret = read_secret(key, own_file, site.client_id);
    } else if (is_own_app) {
      whole_.mistake(key, "is missing beside an own client_id",
                     "name the file with that app's secret");
    } else {
      lacks_secret_ = lacks_secret_ || !has_common_secret_;
    }
  }

  const Draft& draft_;
  const std::string credentials_directory_;
  ReadSettings& read_;
  Findings& whole_;
  Secret common_secret_;
  bool has_common_secret_ = false;
  bool lacks_id_ = false;
  bool lacks_secret_ = false;
};

void wipe_secrets(Environment& environment) {
  for (const Option& key : all_options()) {
    if (!is_secret(key)) continue;
    const auto found = environment.find(env_name(key.name));
    if (found != environment.end()) wipe(found->second);
  }
}

void read_file(const std::string& file, RawSettings& raw, Findings& findings) {
  const Result<std::string, Problem> json = read_small_file(file, kSettingsFileMax);
  raw.is_whole = false;
  if (!json) return findings.mistakes.push_back(json.error());
  read_raw_file(*json, file, raw, findings);
  place_paths(file, raw);
}

/// Every setting that a mistake names.
SettingNames names_told(const Findings& findings) {
  SettingNames told;
  for (const Problem& mistake : findings.mistakes) told.insert(mistake.key);
  return told;
}

/// What does not follow from a mistake that is told already.
void add_untold(Findings late, const SettingNames& told, Findings& findings) {
  for (Problem& mistake : late.mistakes) {
    if (!told.contains(mistake.key)) findings.mistakes.push_back(std::move(mistake));
  }
  for (Problem& warning : late.warnings) findings.warnings.push_back(std::move(warning));
}

}  // namespace

bool is_anything_set(const SettingsInput& input) {
  const auto ours = input.environment.lower_bound("PORTERO_");
  const bool is_ours = ours != input.environment.end() && ours->first.starts_with("PORTERO_");
  return is_ours || !input.flags.empty() || !choose_file(input).empty();
}

ReadSettings read_settings(SettingsInput input) {
  ReadSettings read;
  RawSettings raw;
  read.file = choose_file(input);
  if (!read.file.empty()) read_file(read.file, raw, read.findings);
  read_raw_environment(input.environment, raw, read.findings);
  read_raw_flags(input.flags, raw);
  refuse_misplaced_paths(read.file, raw, read.findings);

  Draft draft;
  read_values(raw.values, draft, read.findings);
  derive_addresses(raw.values, draft.settings.github);
  cut_slashes(draft.settings.public_url);
  read.settings = std::move(draft.settings);
  Findings values;
  Findings whole;
  Sites sites(draft, input.environment, read, whole);
  sites.read_all(raw);
  read.settings.policies = read_policies(raw.policies, read.settings.sites, read.findings, whole);
  SettingNames told = names_told(read.findings);
  validate_values(read.settings, values);
  validate_app(sites.lacks_id(), sites.lacks_secret(), whole);
  validate_whole(read.settings, told, whole);
  add_untold(std::move(values), told, read.findings);
  told.merge(raw.meant);
  if (raw.is_whole) add_untold(std::move(whole), told, read.findings);
  for (auto& [key, value] : raw.values) {
    if (is_secret(*find_option(key))) wipe(value.text);
  }
  wipe_secrets(input.environment);
  add_rule_scopes(read.settings.sites);
  return read;
}

}  // namespace portero
