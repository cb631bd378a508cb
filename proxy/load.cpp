#include "proxy/load.h"

#include <algorithm>
#include <utility>

#include "proxy/session/cookies.h"
#include "proxy/session/key_file.h"
#include "proxy/session/session_size.h"
#include "proxy/settings/environment.h"
#include "proxy/settings/proxy_variables.h"
#include "proxy/settings/validate.h"
#include "proxy/site/read_files.h"

namespace portero {
namespace {

/// Whether a mistake of that setting is told already.
bool is_told(const Findings& findings, std::string_view key) {
  return std::any_of(findings.mistakes.begin(), findings.mistakes.end(),
                     [key](const Problem& mistake) { return mistake.key == key; });
}

void read_keys(const SettingsInput& input, Snapshot& snapshot, Findings& findings) {
  const std::string& path = snapshot.settings.session_keys_file;
  if (path.empty()) return;  // told already
  const std::string credentials(value_of(input.environment, "CREDENTIALS_DIRECTORY"));
  Result<LoadedKeys, Problem> file = read_key_file(path, credentials);
  if (!file) {
    findings.mistake("session_keys_file: " + file.error().key, file.error().wrong,
                     file.error().fix);
    return;
  }
  snapshot.keys = std::move(file->ring);
  if (file->access == Access::kPrivate) return;
  findings.warnings.push_back(make_open_file_problem("session_keys_file", path));
}

void read_page(const ReadSettings& read, Snapshot& snapshot, Findings& findings) {
  const Settings& settings = snapshot.settings;
  if (settings.static_dir.empty() || is_told(findings, "static_dir")) return;
  std::vector<std::string> forbidden = read.secret_files;
  forbidden.push_back(settings.session_keys_file);
  if (!read.file.empty()) forbidden.push_back(read.file);
  Result<ReadFiles, Problem> folder = read_files(settings, forbidden);
  if (!folder) return findings.mistakes.push_back(folder.error());
  snapshot.files = std::make_shared<const FileMap>(std::move(folder->files));
  for (Problem& kind : folder->left_out) findings.warnings.push_back(std::move(kind));
}

template <typename Value>
void keep(std::string_view key, const Value& old, Value& value, Findings& findings) {
  if (old == value) return;
  findings.warning(key, "keeps its value until a restart", "");
  value = old;
}

void keep_what_cannot_change(const Settings& old, Settings& settings, Findings& findings) {
  keep("listen", old.listen, settings.listen, findings);
  keep("internal_listen", old.internal_listen, settings.internal_listen, findings);
  keep("listen_mode", old.listen_mode, settings.listen_mode, findings);
  keep("limits.logins", old.limits.logins, settings.limits.logins, findings);
  keep("limits.queue", old.limits.queue, settings.limits.queue, findings);
  keep("limits.loops", old.limits.loops, settings.limits.loops, findings);
}

/// Once, at the start: it may well be meant.
void warn_once(const SettingsInput& input, const Settings& settings, Findings& findings) {
  if (lacks_public_url(settings)) findings.warnings.push_back(make_public_url_problem());
  const auto unused = warn_of_proxy_variable(input.environment, settings.github);
  if (unused) findings.warnings.push_back(*unused);
}

Loaded finish(std::shared_ptr<Snapshot> snapshot, Findings findings) {
  const bool good = findings.mistakes.empty();
  return {.snapshot = good ? std::move(snapshot) : nullptr, .findings = std::move(findings)};
}

}  // namespace

Loaded load(const SettingsInput& input, const Snapshot* old) {
  ReadSettings read = read_settings(input);
  Findings findings = std::move(read.findings);
  auto snapshot = std::make_shared<Snapshot>();
  snapshot->settings = std::move(read.settings);
  // Files are read whatever is wrong elsewhere, so that one list names everything.
  read_keys(input, *snapshot, findings);
  read_page(read, *snapshot, findings);
  validate_session_sizes(snapshot->settings, findings);
  if (!findings.mistakes.empty()) return finish(nullptr, std::move(findings));
  const Result<Done, Problem> named = name_cookies(snapshot->settings.sites);
  if (!named) findings.mistakes.push_back(named.error());
  if (old != nullptr) keep_what_cannot_change(old->settings, snapshot->settings, findings);
  if (old == nullptr) warn_once(input, snapshot->settings, findings);
  return finish(std::move(snapshot), std::move(findings));
}

Loaded load_keys(const SettingsInput& input, const Snapshot& old) {
  Findings findings;
  auto snapshot = std::make_shared<Snapshot>(old);
  read_keys(input, *snapshot, findings);
  return finish(std::move(snapshot), std::move(findings));
}

}  // namespace portero
