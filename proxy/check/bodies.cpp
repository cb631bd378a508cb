#include "proxy/check/bodies.h"

#include <string>
#include <string_view>

#include "proxy/base/http.h"
#include "proxy/base/json.h"
#include "proxy/check/upstream.h"
#include "wasm/protocol.h"

namespace portero {
namespace {

constexpr int kTooMany = 429;

/// No verifier is that short. So the proxy says bad_request if it read all of it, and bad_json if
/// any of it was lost.
std::string make_body() {
  return write_json({{"v", kProtocolVersion}, {"code", "portero-check"}, {"code_verifier", "x"}});
}

UpstreamRequest make_post(const Settings& settings, bool in_chunks) {
  UpstreamRequest post{.method = "POST",
                       .url = settings.public_url + std::string(kSessionPath),
                       .headers = {{"Origin", settings.sites.front().origin},
                                   {"X-Portero", "1"},
                                   {"Sec-Fetch-Site", "same-site"},
                                   {"Content-Type", "application/json"}},
                       .body = make_body()};
  if (in_chunks) post.headers.push_back({"Transfer-Encoding", "chunked"});
  return post;
}

/// Whether the proxy read a body and looked at it: then it takes the session's cookie away. Its
/// gate, which refuses what it cannot read, does not.
bool was_read(const UpstreamReply& reply) {
  return find_code(reply) == "bad_request" && find_header(reply.headers, "Set-Cookie") != nullptr;
}

bool check_length(const UpstreamReply& reply, const std::string& at, Report& report) {
  if (was_read(reply)) return true;
  const std::string code = find_code(reply);
  if (code == "bad_json") {
    report.fail(at + "loses its body; let what stands in front pass on bodies unchanged");
  } else if (code == "bad_request") {
    report.fail(at +
                "loses Set-Cookie, or its body cannot be read; let what stands in front pass on "
                "Set-Cookie, and bodies over HTTP/1.1 (nginx: proxy_http_version 1.1;)");
  } else {
    report.fail(at + "answers " + std::to_string(reply.status) + (code.empty() ? "" : " " + code) +
                "; let what stands in front pass on POST, with Content-Type and its body");
  }
  return false;
}

/// Browsers send a length, so a front that takes no chunks harms nobody until another stands before
/// it. A front that takes them and breaks them is at fault.
bool check_chunks(const UpstreamReply& reply, const std::string& at, Report& report) {
  if (was_read(reply)) return true;
  if (find_code(reply).empty()) {
    report.warn(at + "answers " + std::to_string(reply.status) +
                "; browsers send a length, but a tunnel or CDN in front of this address may not");
  } else {
    report.fail(at +
                "does not arrive; let what stands in front speak HTTP/1.1 to the proxy (nginx: "
                "proxy_http_version 1.1;), or pass on the length");
  }
  return false;
}

}  // namespace

void check_bodies(const CheckInput& input, Report& report) {
  for (const bool in_chunks : {false, true}) {
    const UpstreamRequest post = make_post(input.read.settings, in_chunks);
    const std::string at = post.url + ": a POST " + (in_chunks ? "in chunks " : "with its length ");
    const Result<UpstreamReply> reply = input.begin_public()(post);
    if (!reply) return report.fail(make_silence(post.url, reply.error()));
    if (reply->status == kTooMany) return report.warn(at + "answers 429; try again in a minute");
    const auto check = in_chunks ? check_chunks : check_length;
    if (!check(*reply, at, report)) return;
  }
  report.ok(input.read.settings.public_url + ": bodies arrive whole, in chunks too");
}

}  // namespace portero
