#include "proxy/check/upstream.h"

#include <netdb.h>
#include <sys/socket.h>

#include <optional>
#include <set>

#include "proxy/base/http.h"
#include "proxy/base/time.h"
#include "proxy/base/url.h"
#include "proxy/github/forward_proxy.h"
#include "proxy/github/replies.h"
#include "proxy/github/requests.h"

namespace portero {
namespace {

constexpr std::int64_t kClockSlack = 60;  // seconds

bool resolves(const std::string& host) {
  addrinfo hints = {};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (::getaddrinfo(host.c_str(), nullptr, &hints, &found) != 0) return false;
  ::freeaddrinfo(found);
  return true;
}

void check_clock(const UpstreamReply& reply, std::int64_t now, Report& report) {
  const std::string* date = find_header(reply.headers, "Date");
  const std::optional<std::int64_t> theirs = date == nullptr ? std::nullopt : read_http_date(*date);
  if (!theirs)
    return report.warn("clock: GitHub's answer has no Date to compare with; try again later");
  const std::int64_t ahead = now - *theirs;
  if (ahead >= -kClockSlack && ahead <= kClockSlack) {
    return report.ok("clock: within a minute of GitHub's");
  }
  report.fail("clock: " + std::to_string(ahead > 0 ? ahead : -ahead) + " s " +
              (ahead > 0 ? "ahead of" : "behind") + " GitHub's; set it: timedatectl set-ntp true");
}

void check_app(const Site& site, const UpstreamReply& reply, Report& report) {
  const std::string who = "client " + site.client_id + " for " + site.origin;
  const Result<Done> probed = read_probe_reply(reply);
  if (probed) return report.ok(who + ": GitHub takes its id and secret");
  report.fail(who + ": " + std::string(name(probed.error())) + "; " +
              std::string(hint(probed.error())));
}

/// " through http://proxy.example:3128", or nothing.
std::string describe_way(const GithubSettings& github, std::string_view url) {
  return is_proxied(github, url) ? " through " + github.proxy : "";
}

/// Of a name that a forward proxy looks up, whether the proxy's own has an address.
bool check_way(const GithubSettings& github, const std::string& url, Report& report) {
  return check_name(is_proxied(github, url) ? github.proxy : url, report);
}

void check_api(const CheckInput& input, Report& report) {
  const GithubSettings& github = input.read.settings.github;
  const std::string& address = github.api_url;
  if (!check_way(github, address, report)) return;
  const std::string named = address + describe_way(github, address);
  const Result<UpstreamReply> reply = input.begin_github()(
      {.method = "GET", .url = address + "/", .headers = {{"User-Agent", "portero"}}, .body = ""});
  if (!reply) return report.fail(named + ": " + describe_silence(reply.error()));
  report.ok(address + " answers" + describe_way(github, address));
}

}  // namespace

std::string describe_silence(Error error) {
  switch (error) {
    case Error::kUpstreamUnreachable:
      return "cannot be reached; check the network, the firewall and whether it runs";
    case Error::kUpstreamTimeout:
      return "does not answer within 8 s; check the network, the firewall and whether it runs";
    case Error::kUpstreamTls:
      return "speaks no TLS with a certificate that this machine trusts; renew it, complete its "
             "chain, or install ca-certificates (for GitHub also: github.ca_file)";
    default:
      return "answers something that is not HTTP, or over 256 kB; check what listens there";
  }
}

bool check_name(std::string_view url, Report& report) {
  const std::string host(host_of(url));
  if (is_loopback_url(url) || resolves(host)) return true;
  report.fail(std::string(url) + ": the name " + host +
              " has no address; check its DNS records and /etc/resolv.conf");
  return false;
}

void check_github(const CheckInput& input, Report& report) {
  const GithubSettings& github = input.read.settings.github;
  if (!check_way(github, github.url, report)) return;
  const std::string way = describe_way(github, github.url);
  std::set<std::string> asked;  // one probe an app
  for (const Site& site : input.read.settings.sites) {
    if (!asked.insert(site.client_id).second) continue;
    const Result<UpstreamReply> reply = input.begin_github()(make_probe_request(github, site));
    if (!reply) return report.fail(github.url + way + ": " + describe_silence(reply.error()));
    if (asked.size() == 1) {
      report.ok(github.url + " answers" + way);
      check_clock(*reply, input.now, report);
    }
    check_app(site, *reply, report);
  }
  check_api(input, report);
}

}  // namespace portero
