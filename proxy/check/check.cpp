#include "proxy/check/check.h"

#include <utility>

#include "proxy/check/bodies.h"
#include "proxy/check/files.h"
#include "proxy/check/front.h"
#include "proxy/check/memberships.h"
#include "proxy/check/pages.h"
#include "proxy/check/report.h"
#include "proxy/check/upstream.h"
#include "proxy/session/cookies.h"
#include "proxy/session/session_size.h"
#include "proxy/settings/validate.h"

namespace portero {
namespace {

void check_settings(const ReadSettings& read, Report& report) {
  for (const Problem& mistake : read.findings.mistakes) report.fail(mistake);
  Findings sizes;
  validate_session_sizes(read.settings, sizes);
  for (const Problem& mistake : sizes.mistakes) report.fail(mistake);
  for (const Problem& warning : read.findings.warnings) report.warn(warning);
  if (!read.findings.mistakes.empty() || !sizes.mistakes.empty()) return;
  std::vector<Site> sites = read.settings.sites;
  const Result<Done, Problem> named = name_cookies(sites);
  if (!named) return report.fail(named.error());
  report.ok("settings: " + (read.file.empty() ? std::string("from the environment") : read.file));
}

}  // namespace

int check(const CheckInput& input, std::ostream& out) {
  Report report{out};
  const Settings& settings = input.read.settings;
  check_settings(input.read, report);
  check_files(input, report);
  if (!input.read.findings.mistakes.empty()) return 1;
  for (const Site& site : settings.sites) {
    report.ok("callback URL to register at GitHub for " + site.origin + ": " + site.redirect_uri);
  }
  check_needs(input, report);
  if (!input.begin_github) return report.failed ? 1 : 0;
  if (check_github(input, report)) check_names(input, report);
  if (settings.public_url.empty()) {
    Problem missing = make_public_url_problem();
    missing.wrong += ", and the way through what ends TLS was not tried";
    report.warn(missing);
  } else if (check_name(settings.public_url, report)) {
    const bool failed = std::exchange(report.failed, false);
    for (const Site& site : settings.sites) {
      if (!check_front(input, site, report)) break;  // nor would it answer for another page
    }
    if (!report.failed) check_bodies(input, report);
    report.failed = report.failed || failed;
    check_hidden(input, report);
  }
  for (const Site& site : settings.sites) check_page(input, site, report);
  return report.failed ? 1 : 0;
}

}  // namespace portero
