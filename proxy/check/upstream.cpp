#include <netdb.h>
#include <sys/socket.h>

#include <chrono>
#include <set>

#include "proxy/base/url.h"
#include "proxy/check/report.h"
#include "proxy/github/exchange.h"

namespace portero {
namespace {

constexpr std::int64_t kClockSlack = 60;  // seconds

std::string host_of(std::string_view url) {
  const std::size_t scheme = url.find("://");
  if (scheme != std::string_view::npos) url.remove_prefix(scheme + 3);
  url = url.substr(0, url.find('/'));
  if (url.starts_with('[')) return std::string(url.substr(1, url.find(']') - 1));
  return std::string(url.substr(0, url.find(':')));
}

bool resolves(const std::string& host) {
  addrinfo hints = {};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (::getaddrinfo(host.c_str(), nullptr, &hints, &found) != 0) return false;
  ::freeaddrinfo(found);
  return true;
}

int number_at(std::string_view text, std::size_t at, std::size_t count) {
  int number = 0;
  for (const char c : text.substr(at, count)) number = number * 10 + (c - '0');
  return number;
}

/// "Sun, 06 Nov 1994 08:49:37 GMT" (RFC 9110 §5.6.7) as seconds since 1970; nullopt: anything else.
std::optional<std::int64_t> read_date(std::string_view text) {
  constexpr std::string_view kForm = "Xxx, 00 Xxx 0000 00:00:00 GMT";
  constexpr std::string_view kMonths = "JanFebMarAprMayJunJulAugSepOctNovDec";
  if (text.size() != kForm.size()) return std::nullopt;
  for (std::size_t i = 0; i < kForm.size(); ++i) {
    const bool is_digit = text[i] >= '0' && text[i] <= '9';
    if (kForm[i] == '0' ? !is_digit : kForm[i] != 'X' && kForm[i] != 'x' && kForm[i] != text[i]) {
      return std::nullopt;
    }
  }
  const std::size_t month = kMonths.find(text.substr(8, 3));
  if (month == std::string_view::npos || month % 3 != 0) return std::nullopt;
  const std::chrono::year_month_day date{
      std::chrono::year(number_at(text, 12, 4)),
      std::chrono::month(static_cast<unsigned>(month / 3 + 1)),
      std::chrono::day(static_cast<unsigned>(number_at(text, 5, 2)))};
  if (!date.ok()) return std::nullopt;
  const std::int64_t days = std::chrono::sys_days(date).time_since_epoch().count();
  return ((days * 24 + number_at(text, 17, 2)) * 60 + number_at(text, 20, 2)) * 60 +
         number_at(text, 23, 2);
}

void check_clock(const UpstreamReply& reply, std::int64_t now, Report& report) {
  const std::string* date = find_header(reply.headers, "Date");
  const std::optional<std::int64_t> theirs = date == nullptr ? std::nullopt : read_date(*date);
  if (!theirs) return report.warn("clock: GitHub named no time to compare with; ask again later");
  const std::int64_t ahead = now - *theirs;
  if (ahead >= -kClockSlack && ahead <= kClockSlack) {
    return report.ok("clock: within a minute of GitHub's");
  }
  report.fail("clock: " + std::to_string(ahead > 0 ? ahead : -ahead) + " s " +
              (ahead > 0 ? "ahead of" : "behind") + " GitHub's; set it: timedatectl set-ntp true");
}

void check_app(const Site& site, const UpstreamReply& reply, Report& report) {
  const std::string who = "client " + site.client_id + " for " + site.origin;
  const Result<Done> judged = read_probe_reply(reply);
  if (judged) return report.ok(who + ": GitHub takes its id and secret");
  report.fail(who + ": " + std::string(name(judged.error())) + "; " +
              std::string(hint(judged.error())));
}

void check_api(const CheckInput& input, Report& report) {
  const std::string& address = input.read.settings.github.api_url;
  if (!check_name(address, report)) return;
  const Result<UpstreamReply> reply = input.begin_github()(
      {.method = "GET", .url = address + "/", .headers = {{"User-Agent", "portero"}}, .body = ""});
  if (!reply) return report.fail(address + ": " + describe_silence(reply.error()));
  report.ok(address + " answers");
}

}  // namespace

std::string describe_silence(Error error) {
  switch (error) {
    case Error::kUpstreamUnreachable:
      return "cannot be reached; look at the network, the firewall and whether it runs";
    case Error::kUpstreamTimeout:
      return "does not answer within 8 s; look at the network, the firewall and whether it runs";
    case Error::kUpstreamTls:
      return "speaks no TLS with a certificate that this machine trusts; renew it, complete its "
             "chain, or install ca-certificates (for GitHub also: github.ca_file)";
    default:
      return "answers what is no HTTP or is longer than 256 kB; look at what listens there";
  }
}

bool check_name(std::string_view url, Report& report) {
  const std::string host = host_of(url);
  if (is_loopback_url(url) || resolves(host)) return true;
  report.fail(std::string(url) + ": the name " + host +
              " has no address; look at its DNS records and at /etc/resolv.conf");
  return false;
}

void check_github(const CheckInput& input, Report& report) {
  const GithubSettings& github = input.read.settings.github;
  if (!check_name(github.url, report)) return;
  std::set<std::string> asked;  // one probe an app
  for (const Site& site : input.read.settings.sites) {
    if (!asked.insert(site.client_id).second) continue;
    const Result<UpstreamReply> reply = input.begin_github()(make_probe_request(github, site));
    if (!reply) return report.fail(github.url + ": " + describe_silence(reply.error()));
    if (asked.size() == 1) {
      report.ok(github.url + " answers");
      check_clock(*reply, input.now, report);
    }
    check_app(site, *reply, report);
  }
  check_api(input, report);
}

}  // namespace portero
