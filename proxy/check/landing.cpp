#include "proxy/check/landing.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "proxy/base/text.h"
#include "proxy/base/url.h"
#include "proxy/check/address.h"
#include "proxy/check/upstream.h"

namespace portero {
namespace {

constexpr int kUnauthorized = 401;
constexpr int kForbidden = 403;
// No state of ours begins like this one: what takes it for an answer finds nothing.
constexpr std::string_view kCode = "code=x";
constexpr std::string_view kState = "state=y";

std::string with_answer(const std::string& address) {
  const char* separator = address.find('?') == std::string::npos ? "?" : "&";
  return address + separator + std::string(kCode) + "&" + std::string(kState);
}

bool keeps_answer(std::string_view address) {
  const std::vector<std::string_view> pieces = split(query_of(address), '&');
  const auto has = [&](std::string_view piece) {
    return std::find(pieces.begin(), pieces.end(), piece) != pieces.end();
  };
  return has(kCode) && has(kState);
}

struct Way {
  const CheckInput& input;
  const Site& site;
  const Visit& visit;
  Report& report;

  void fail(const std::string& wrong, const std::string& fix) const {
    report.fail(Problem{site.redirect_uri, wrong, fix});
  }
};

std::string fix_status(int status) {
  if (status == kUnauthorized || status == kForbidden) {
    return "let everybody read the page: GitHub sends visitors there";
  }
  return "put the page there, or correct redirect_uri";
}

/// A page may be there for those who come without a query.
void report_status(const Way& way) {
  const int status = way.visit.reply.status;
  const Visit plain = visit(way.input, way.site.redirect_uri, page_headers());
  const bool minds_query = !plain.silence && plain.reply.status == kOk && plain.redirects == 0;
  if (!minds_query) {
    return way.fail("answers " + std::to_string(status), fix_status(status));
  }
  way.fail("answers " + std::to_string(status) + " to ?code=x&state=y, but 200 without a query",
           "let its host answer whatever the query is: GitHub's answer comes in it");
}

/// What to do about the redirect, whose last address is `to`.
std::string fix_redirect(const Way& way, const std::string& to) {
  const std::string origin(origin_of(to));
  const std::string address = without_answer(to);
  if (origin == way.site.origin) {
    return "set redirect_uri to " + quote(address) + " and register that at GitHub";
  }
  return "if the page is there, list " + origin + " under `origins`, with " + quote(address) +
         " as its redirect_uri, and register that at GitHub; else let everybody read the page here";
}

/// A redirect that was not followed.
void report_stop(const Way& way) {
  const Visit& visit = way.visit;
  const bool drops = !visit.leads_to.empty() && !keeps_answer(visit.leads_to);
  const std::string answers = "answers " + std::to_string(visit.first_status) + " and ";
  std::string fix = "let the host answer it with the page, or write an address that it answers so";
  if (!visit.leads_to.empty()) {
    // Behind what ends TLS, a server that does not know of it names itself: the path is right.
    const std::string same = way.site.origin + std::string(target_of(visit.leads_to));
    const bool is_elsewhere = origin_of(visit.leads_to) != way.site.origin;
    if (is_elsewhere && without_answer(same) != way.site.redirect_uri) {
      fix = fix_redirect(way, same) + ", so that nothing is redirected";
    }
  }
  way.fail(answers + visit.stop + (drops ? ", and drops the query" : ""), fix);
}

void report_redirect(const Way& way) {
  const Visit& visit = way.visit;
  const std::string leads = "answers " + std::to_string(visit.first_status) + " and leads to " +
                            quote(without_answer(visit.url));
  if (visit.silence) {
    const Problem silence = make_silence(way.site.redirect_uri, *visit.silence);
    return way.fail(leads + ", which " + silence.wrong, silence.fix);
  }
  if (visit.reply.status != kOk) {
    return way.fail(leads + ", which answers " + std::to_string(visit.reply.status),
                    fix_status(visit.reply.status));
  }
  const std::string query = keeps_answer(visit.url)
                                ? ", with the query"
                                : ", but drops the query, so visitors come back signed out";
  way.fail(leads + query, fix_redirect(way, visit.url));
}

}  // namespace

std::optional<Visit> land(const CheckInput& input, const Site& site, Report& report) {
  Visit visited = visit(input, with_answer(site.redirect_uri), page_headers());
  const Way way{input, site, visited, report};
  if (visited.first_status == 0 && visited.silence == Error::kUpstreamUnreachable) {
    report.warn(site.redirect_uri +
                ": cannot be reached from here, so neither the page nor its policy was read; open "
                "it in a browser and read the console");
    return std::nullopt;
  }
  if (!visited.stop.empty()) {
    report_stop(way);
  } else if (visited.first_status != 0) {
    report_redirect(way);
  } else if (visited.silence) {
    report.fail(make_silence(site.redirect_uri, *visited.silence));
  } else if (visited.reply.status != kOk) {
    report_status(way);
  }
  const bool is_answered = !visited.silence && visited.stop.empty() && visited.reply.status == kOk;
  if (!is_answered || origin_of(visited.url) != site.origin) return std::nullopt;
  return visited;
}

std::string without_answer(std::string_view address) {
  std::string kept(without_query(address));
  const char* separator = "?";
  for (const std::string_view piece : split(query_of(address), '&')) {
    if (piece == kCode || piece == kState) continue;
    kept.append(separator).append(piece);
    separator = "&";
  }
  return kept;
}

std::vector<Header> page_headers() {
  return {{"Accept", "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8"},
          {"User-Agent", "portero check"}};
}

}  // namespace portero
