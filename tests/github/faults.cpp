// See faults.h.
#include "tests/github/faults.h"

#include <algorithm>
#include <array>

namespace portero::stand_in {
namespace {

constexpr std::string_view kJson = "application/json; charset=utf-8";

constexpr std::string_view kSecondaryLimit =
    R"({"message":"You have exceeded a secondary rate limit. Please wait a few minutes before you )"
    R"(try again.","documentation_url":"https://docs.github.com/free-pro-team@latest/rest/overview/)"
    R"(rate-limits-for-the-rest-api#about-secondary-rate-limits"})";

struct Fault {
  std::string_view name;
  int status;
  std::string_view type;
  std::string_view body;
};

constexpr std::array<Fault, 22> kFaults{{
    {"html_200", 200, "text/html; charset=utf-8", "<!doctype html><title>Unicorn!</title>"},
    {"json_error_200", 200, kJson, R"({"error":"server_error","error_description":"Oops"})"},
    {"empty_json", 200, kJson, "{}"},
    {"empty_body", 200, kJson, ""},
    {"json_array", 200, kJson, "[]"},
    {"json_null", 200, kJson, "null"},
    {"bad_json", 200, kJson, R"({"access_token":"gho_)"},
    {"bad_utf8", 200, kJson,
     "{\"access_token\":\"gho_\xff\xfe\",\"token_type\":\"bearer\",\"id\":1,\"login\":\"\xc3(\"}"},
    {"mistyped", 200, kJson,
     R"({"access_token":["x"],"token_type":7,"scope":{},"id":"1","login":null})"},
    {"redirect_302", 302, "text/html", ""},
    {"unauthorized_401", 401, kJson, R"({"message":"Bad credentials","status":"401"})"},
    {"rate_limited_403", 403, kJson, R"({"message":"API rate limit exceeded","status":"403"})"},
    {"forbidden_403", 403, kJson, R"({"message":"Forbidden","status":"403"})"},
    {"rate_limited_429", 429, kJson, R"({"message":"Too many requests","status":"429"})"},
    {"rate_limited_briefly", 429, kJson, R"({"message":"Too many requests","status":"429"})"},
    // Of more calls at once, or in a minute, than it likes: often without a header that says so.
    {"secondary_limit_403", 403, kJson, kSecondaryLimit},
    {"secondary_limit_429", 429, kJson, kSecondaryLimit},
    {"not_found_404", 404, kJson, R"({"message":"Not Found","status":"404"})"},
    {"error_500", 500, "text/html", "<title>500</title>"},
    {"error_502", 502, "text/html", "<title>502</title>"},
    {"error_503", 503, "text/html", "<title>503</title>"},
    {"error_504", 504, "text/html", "<title>504</title>"},
}};

constexpr std::array<std::string_view, 25> kHttpNames{"wrong_content_type",
                                                      "deep_json",
                                                      "two_phase",
                                                      "html_200",
                                                      "json_error_200",
                                                      "empty_json",
                                                      "empty_body",
                                                      "json_array",
                                                      "json_null",
                                                      "bad_json",
                                                      "bad_utf8",
                                                      "mistyped",
                                                      "redirect_302",
                                                      "unauthorized_401",
                                                      "rate_limited_403",
                                                      "forbidden_403",
                                                      "rate_limited_429",
                                                      "rate_limited_briefly",
                                                      "secondary_limit_403",
                                                      "secondary_limit_429",
                                                      "not_found_404",
                                                      "error_500",
                                                      "error_502",
                                                      "error_503",
                                                      "error_504"};

constexpr std::array<std::string_view, 19> kRawNames{
    "silent",         "header_drip",  "body_drip",    "close_at_once", "reset",
    "garbage",        "many_interim", "reason_50k",   "reason_64k",    "headers_64k",
    "length_garbage", "length_short", "length_long",  "chunk_garbage", "truncated_chunk",
    "body_256k",      "gzip_body",    "chunked_256k", "slow_but_valid"};

}  // namespace

std::span<const std::string_view> http_faults() { return kHttpNames; }
std::span<const std::string_view> raw_fault_names() { return kRawNames; }

bool follows_honest_answer(std::string_view fault) {
  const bool raw = std::find(kRawNames.begin(), kRawNames.end(), fault) != kRawNames.end();
  return raw || fault == "wrong_content_type";
}

Reply make_fault(std::string_view fault, Reply honest) {
  if (fault == "wrong_content_type") {
    for (auto& [name, value] : honest.headers) {
      if (name == "Content-Type") value = "image/png";
    }
    return honest;
  }
  if (fault == "deep_json") {  // nine levels: the proxy reads eight
    return make_reply(200, std::string(kJson), R"({"access_token":[[[[[[[[]]]]]]]]})");
  }
  const auto* const found = std::find_if(kFaults.begin(), kFaults.end(),
                                         [&](const Fault& one) { return one.name == fault; });
  if (found == kFaults.end()) return honest;
  Reply reply = make_reply(found->status, std::string(found->type), std::string(found->body));
  if (fault == "redirect_302") reply.headers.emplace_back("Location", "/_stand-in/followed");
  if (fault == "rate_limited_403") {
    reply.headers.emplace_back("X-RateLimit-Limit", "5000");
    reply.headers.emplace_back("X-RateLimit-Remaining", "0");
    reply.headers.emplace_back("X-RateLimit-Reset", "4102444800");
  }
  if (fault == "rate_limited_briefly") reply.headers.emplace_back("Retry-After", "1");
  if (fault == "rate_limited_429") reply.headers.emplace_back("Retry-After", "30");
  return reply;
}

}  // namespace portero::stand_in
