#include "proxy/check/upstream.h"

#include <netdb.h>
#include <sys/socket.h>

#include <algorithm>
#include <optional>
#include <vector>

#include "proxy/base/time.h"
#include "proxy/base/url.h"
#include "proxy/check/visit.h"
#include "proxy/github/forward_proxy.h"
#include "proxy/github/replies.h"
#include "proxy/github/requests.h"
#include "wasm/encoding.h"

namespace portero {
namespace {

constexpr int kNotFound = 404;
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
  const std::vector<std::string> dates = values_of(reply.headers, "Date");
  const std::optional<std::int64_t> theirs =
      dates.size() == 1 ? read_http_date(dates.front()) : std::nullopt;
  if (!theirs)
    return report.warn("clock: GitHub's answer has no one Date to compare with; try again later");
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

/// GitHub refuses whoever names no token, in JSON: so does nobody else at a mistyped address.
/// False: it is not there.
bool check_api(const CheckInput& input, Report& report) {
  constexpr std::size_t kDepth = 16;
  const GithubSettings& github = input.read.settings.github;
  const std::string& address = github.api_url;
  const std::string way = describe_way(github, address);
  const Result<UpstreamReply> reply = input.begin_github()({.method = "GET",
                                                            .url = address + "/user",
                                                            .headers = {{"User-Agent", "portero"}},
                                                            .body = ""});
  if (!reply) {
    report.fail(make_silence(address + way, reply.error()));
    return false;
  }
  const Result<Json> body = read_json(reply->body, kUpstreamBodyMax, kDepth);
  if (reply->status == kNotFound || !body || !body->is_object()) {
    report.fail(
        address +
        ": is not GitHub's REST API; correct github.api_url (an Enterprise Server has it at "
        "https://HOST/api/v3), or leave it out");
    return false;
  }
  if (address != github.url) report.ok(address + " answers" + way);
  return true;
}

bool is_same_app(const Site& a, const Site& b) {
  return a.client_id == b.client_id &&
         equal_constant_time(a.client_secret.reveal(), b.client_secret.reveal());
}

/// Each app once: several sites may share one. False: GitHub does not answer.
bool check_apps(const CheckInput& input, Report& report) {
  const GithubSettings& github = input.read.settings.github;
  const std::string way = describe_way(github, github.url);
  const std::vector<Site>& sites = input.read.settings.sites;
  for (auto site = sites.begin(); site != sites.end(); ++site) {
    const auto is_this = [&](const Site& other) { return is_same_app(*site, other); };
    if (std::any_of(sites.begin(), site, is_this)) continue;
    const Result<UpstreamReply> reply = input.begin_github()(make_probe_request(github, *site));
    if (!reply) {
      report.fail(make_silence(github.url + way, reply.error()));
      return false;
    }
    if (site == sites.begin()) {
      report.ok(github.url + " answers" + way);
      check_clock(*reply, input.now, report);
    }
    check_app(*site, *reply, report);
  }
  return true;
}

}  // namespace

Problem make_silence(const std::string& subject, Error error) {
  switch (error) {
    case Error::kUpstreamUnreachable:
      return {subject, "cannot be reached", "check the network, the firewall and whether it runs"};
    case Error::kUpstreamTimeout:
      return {subject, "does not answer within 8 s",
              "check the network, the firewall and whether it runs"};
    case Error::kUpstreamTls:
      return {subject, "speaks no TLS with a certificate that this machine trusts",
              "renew it, complete its chain, or install ca-certificates (for GitHub also: "
              "github.ca_file)"};
    default:
      return {subject,
              "answers something that is not HTTP, over 256 kB, or not packed as its "
              "Content-Encoding says",
              "check what listens there"};
  }
}

Result<Json> read_answer(const UpstreamReply& reply) {
  constexpr std::size_t kBodyMax = 4096;
  return read_json(reply.body, kBodyMax, 2);
}

std::string find_code(const UpstreamReply& reply) {
  const Result<Json> body = read_answer(reply);
  const std::string* code = body ? find_string(*body, "code") : nullptr;
  return code == nullptr ? "" : *code;
}

bool check_name(std::string_view url, Report& report) {
  const std::string host(host_of(url));
  if (is_loopback_url(url) || resolves(host)) return true;
  report.fail(std::string(url) + ": the name " + host +
              " has no address; check its DNS records and /etc/resolv.conf");
  return false;
}

bool check_github(const CheckInput& input, Report& report) {
  const GithubSettings& github = input.read.settings.github;
  const bool is_heard = check_way(github, github.url, report) && check_apps(input, report);
  // One host or forward proxy that is not there is said once.
  const bool is_proxied_twice =
      is_proxied(github, github.url) && is_proxied(github, github.api_url);
  const bool is_one_way = is_proxied_twice || origin_of(github.api_url) == origin_of(github.url);
  if (is_one_way && !is_heard) return false;
  return (is_one_way || check_way(github, github.api_url, report)) && check_api(input, report);
}

}  // namespace portero
