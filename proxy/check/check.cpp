#include "proxy/check/check.h"

#include "proxy/check/report.h"

namespace portero {
namespace {

void check_settings(const ReadSettings& read, Report& report) {
  for (const std::string& mistake : read.findings.mistakes) report.fail(mistake);
  for (const std::string& warning : read.findings.warnings) report.warn(warning);
  if (!read.findings.mistakes.empty()) return;
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
  if (!input.begin_github) return report.failed ? 1 : 0;
  check_github(input, report);
  if (settings.public_url.empty()) {
    report.warn(
        "public_url: is not set, so pages of other sites cannot sign in, and the way through what "
        "ends TLS was not tried; set it to where pages reach this proxy");
  } else if (check_name(settings.public_url, report)) {
    for (const Site& site : settings.sites) check_front(input, site, report);
    check_hidden(input, report);
  }
  for (const Site& site : settings.sites) check_page(input, site, report);
  return report.failed ? 1 : 0;
}

}  // namespace portero
