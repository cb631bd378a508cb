// One address asked as a browser asks it: with GET, its redirects followed one by one, so that each
// can be named. Never HEAD: a server may answer it otherwise, or with a body.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "proxy/base/fetch.h"
#include "proxy/check/input.h"

namespace portero {

/// The way from an address to its answer.
struct Visit {
  std::string url;                    // who was asked last; as resolve_address() gives it
  std::optional<Error> silence = {};  // that one gave no answer; `reply` is empty then
  UpstreamReply reply = {};           // the last answer: a redirect only when `stop` says why
  int redirects = 0;                  // followed
  int first_status = 0;               // of the first redirect, followed or not; 0: there was none
  std::string stop = {};              // why the last redirect was not followed: "names no address"
  std::string leads_to = {};          // where it leads, when that is a web address
};

/// The status of an answer that is the page or file that was asked for.
inline constexpr int kOk = 200;

/// Follows at most five redirects, each to https, or from this machine to this machine; each call
/// has a time budget of its own. A long body is cut, a coded one is decoded.
[[nodiscard]] Visit visit(const CheckInput& input, std::string_view url,
                          const std::vector<Header>& headers);

/// The values of all header lines of that name, in their order.
[[nodiscard]] std::vector<std::string> values_of(const std::vector<Header>& headers,
                                                 std::string_view name);

/// Whether a decoded body is gzip still: its host did not say so, or packed it twice.
[[nodiscard]] bool is_gzip(std::string_view body);

/// What is wrong with such a body, and the fix.
constexpr std::string_view kGzipWrong =
    "is compressed without Content-Encoding: gzip, or twice, so browsers cannot read it";
constexpr std::string_view kGzipFix = "upload it uncompressed, or let its host send that header";

/// Whether a page at `from` may lead this machine to `to`: what comes from elsewhere does not lead
/// to a service of this machine, and nothing leads to plain http beyond it.
[[nodiscard]] bool may_lead(std::string_view from, std::string_view to);

/// Foreign text within a line of the report: printable ASCII, at most 120 bytes.
[[nodiscard]] std::string quote(std::string_view text);

}  // namespace portero
