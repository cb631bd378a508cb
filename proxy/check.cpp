#include "proxy/check.h"

#include <ostream>
#include <set>

#include "proxy/github/exchange.h"
#include "proxy/session/key_file.h"
#include "wasm/protocol.h"

namespace portero {
namespace {

constexpr std::int64_t kOldKey = std::int64_t{90} * 24 * 60 * 60;
constexpr int kOk = 200;

struct Report {
  std::ostream& out;
  bool failed = false;

  void ok(const std::string& what) const { out << "ok   " << what << '\n'; }
  void warn(const std::string& what) const { out << "warn " << what << '\n'; }
  void fail(const std::string& what) {
    out << "FAIL " << what << '\n';
    failed = true;
  }
};

void check_settings(const ReadSettings& read, Report& report) {
  for (const std::string& mistake : read.findings.mistakes) report.fail(mistake);
  for (const std::string& warning : read.findings.warnings) report.warn(warning);
  if (!read.findings.mistakes.empty()) return;
  report.ok("settings: " + (read.file.empty() ? std::string("from the environment") : read.file));
}

void check_keys(const CheckInput& input, Report& report) {
  const std::string& path = input.read.settings.session_keys_file;
  if (path.empty()) return;  // its absence is a mistake of the settings already
  std::string why;
  const std::optional<KeyRing> keys = read_key_file(path, input.credentials_directory, why);
  if (!keys) {
    report.fail("session_keys_file: " + why);
    return;
  }
  const SealingKey* key = keys->sealing_key(input.now);
  if (key == nullptr) {
    report.fail("session_keys_file: no key seals yet; wait ten minutes, or make a new file");
  } else if (input.now - key->seal_from > kOldKey) {
    report.warn("session_keys_file: the key is older than 90 days; run: portero keygen --rotate");
  } else {
    report.ok("session_keys_file: " + path);
  }
}

void check_site(const CheckInput& input, const Site& site, Report& report) {
  const GithubSettings& github = input.read.settings.github;
  const std::string who = "client " + site.client_id + " for " + site.origin;
  const Result<UpstreamReply> reply = input.begin()(make_probe_request(github, site));
  if (!reply) {
    report.fail(github.url + ": " + std::string(name(reply.error())) + "; " +
                std::string(hint(reply.error())));
    return;
  }
  report.ok(github.url + " answers");
  const Result<Done> judged = read_probe_reply(*reply);
  if (judged) {
    report.ok(who + ": GitHub takes its id and secret");
  } else {
    report.fail(who + ": " + std::string(name(judged.error())) + "; " +
                std::string(hint(judged.error())));
  }
}

/// Asks as the page would; a Host or Origin that is lost on the way shows here.
void check_public_url(const CheckInput& input, const Site& site, Report& report) {
  const std::string& address = input.read.settings.public_url;
  const UpstreamRequest request{.method = "GET",
                                .url = address + std::string(kConfigPath),
                                .headers = {{"Origin", site.origin}},
                                .body = ""};
  const Result<UpstreamReply> reply = input.begin()(request);
  const std::string what = request.url + " for " + site.origin;
  if (!reply) {
    report.fail(what + ": " + std::string(name(reply.error())) +
                "; start the proxy, and look at what stands in front of it");
  } else if (reply->status != kOk) {
    report.fail(what + ": answered " + std::to_string(reply->status) +
                "; let what stands in front pass Host and Origin unchanged");
  } else {
    report.ok(what);
  }
}

}  // namespace

int check(const CheckInput& input, std::ostream& out) {
  Report report{out};
  check_settings(input.read, report);
  check_keys(input, report);
  if (!input.read.findings.mistakes.empty()) return 1;
  const Settings& settings = input.read.settings;
  for (const Site& site : settings.sites) {
    report.ok("callback URL to register at GitHub: " + site.redirect_uri);
    if (!input.begin) continue;
    check_site(input, site, report);
    if (!settings.public_url.empty()) check_public_url(input, site, report);
  }
  return report.failed ? 1 : 0;
}

}  // namespace portero
