#include "proxy/check/visit.h"

#include <utility>

#include "proxy/base/text.h"
#include "proxy/base/url.h"
#include "proxy/check/address.h"

namespace portero {
namespace {

constexpr int kRedirectsMax = 5;

bool is_redirect(int status) {
  return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

/// Why a redirect to `next` is not followed; empty: it is.
std::string find_stop(const Visit& visit, const std::string& next) {
  if (!may_lead(visit.url, next)) {
    return "leads to " + quote(next) +
           (is_loopback_url(next) ? ", which only the host itself can reach"
                                  : ", which is plain http");
  }
  if (next == visit.url) return "leads to itself";
  if (visit.redirects == kRedirectsMax) return "leads on and on, at last to " + quote(next);
  return "";
}

/// Reads where the last answer, a redirect, leads: `leads_to`, and `stop` when it goes no further.
void read_location(Visit& visit) {
  const std::vector<std::string> locations = values_of(visit.reply.headers, "Location");
  if (locations.empty()) {
    visit.stop = "names no Location";
  } else if (locations.size() > 1) {
    visit.stop = "has " + std::to_string(locations.size()) + " Location headers";
  } else if (const auto next = resolve_address(visit.url, locations.front())) {
    visit.leads_to = *next;
    visit.stop = find_stop(visit, *next);
  } else {
    visit.stop = "leads to " + quote(locations.front()) + ", which is no web address";
  }
}

}  // namespace

Visit visit(const CheckInput& input, std::string_view url, const std::vector<Header>& headers) {
  Visit visit{.url = std::string(url)};
  for (;;) {
    Result<UpstreamReply> reply = input.begin_public()(
        {.method = "GET", .url = visit.url, .headers = headers, .body = "", .is_page = true});
    if (!reply) {
      visit.silence = reply.error();
      visit.reply = {};
      return visit;
    }
    visit.reply = std::move(*reply);
    if (!is_redirect(visit.reply.status)) return visit;
    if (visit.first_status == 0) visit.first_status = visit.reply.status;
    visit.leads_to.clear();
    read_location(visit);
    if (!visit.stop.empty()) return visit;
    visit.url = visit.leads_to;
    ++visit.redirects;
  }
}

std::vector<std::string> values_of(const std::vector<Header>& headers, std::string_view name) {
  std::vector<std::string> values;
  for (const Header& header : headers) {
    if (equals_ignoring_case(header.name, name)) values.push_back(header.value);
  }
  return values;
}

bool is_gzip(std::string_view body) { return body.starts_with("\x1f\x8b"); }

bool may_lead(std::string_view from, std::string_view to) {
  return is_loopback_url(to) ? is_loopback_url(from) : to.starts_with("https://");
}

std::string quote(std::string_view text) {
  constexpr std::size_t kLongest = 120;
  std::string quoted;
  for (const char c : text.substr(0, kLongest)) quoted += c >= ' ' && c <= '~' ? c : '?';
  return text.size() > kLongest ? quoted + "…" : quoted;
}

}  // namespace portero
