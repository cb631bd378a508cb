// One request of a visitor's to the proxy of page.h, with a GitHub that says what it was told to.
#pragma once

#include "proxy/app/routes.h"
#include "proxy/gate/cors.h"
#include "proxy/gate/request_reader.h"
#include "proxy/github/admission.h"
#include "proxy/github/replies.h"
#include "proxy/snapshot.h"
#include "tests/fuzz/page.h"
#include "tests/proxy/app/at_once.h"

namespace portero {

struct VisitWorld {
  Snapshot snapshot{.settings = make_page_settings(), .keys = make_ring()};
  SignedOut signed_out;
  Metrics metrics;
  std::string token = make_unknown_text();
  std::string session = seal_visitor(snapshot.keys.keys[0]);

  [[nodiscard]] const Settings& settings() const { return snapshot.settings; }
  /// `{token}` in the first line and `{session}` anywhere stand for what no input can know.
  [[nodiscard]] std::string fill(std::string_view input) const {
    std::string text(input);
    const std::size_t at = text.find("{session}");
    if (at != text.npos) text.replace(at, 9, session);
    const std::size_t first = text.find("{token}");
    if (first < text.find('\n')) text.replace(first, 7, token);
    return text;
  }
};

inline VisitWorld& visit_world() {
  static VisitWorld world;
  return world;
}

/// What the gate knows of a request beyond what the reader read.
inline Request through_gate(Request request) {
  request.origin_index = find_origin({std::string(kPage)}, request.origin);
  return request;
}

/// The gate's own matching.
inline const MatchRoute kMatch = [](Listener listener, std::string_view method,
                                    std::string_view path) {
  return match_route(routes(), listener, method, path);
};

/// The first request in `bytes`, as the gate hands it on; nullopt: it is refused or not whole.
inline std::optional<ReadRequest> read_at_gate(std::string_view bytes) {
  RequestReader reader;
  reader.begin(visit_world().settings().limits, RequestReader::Rules::kVisitor, &kMatch);
  reader.feed(bytes);
  if (reader.state() != RequestReader::State::kComplete) return std::nullopt;
  ReadRequest read = reader.take();
  read.request = through_gate(std::move(read.request));
  return read;
}

/// POST /v1/session of the page.
inline Request make_sign_in(std::string_view body) {
  Request request;
  request.method = "POST";
  request.target = "/v1/session";
  request.origin = kPage;
  request.sec_fetch_site = "same-origin";
  request.x_portero = "1";
  request.content_type = "application/json";
  request.body = body;
  request.route = kMatch(Listener::kVisitors, request.method, request.target).route;
  return through_gate(std::move(request));
}

class Visit {
 public:
  Visit() = default;
  /// Takes GitHub's two answers, token and user, off `input`: a line each, `STATUS BODY`.
  explicit Visit(std::string_view& input) : replies_{make_reply(input), make_reply(input)} {}

  [[nodiscard]] AppContext app() {
    VisitWorld& world = visit_world();
    return {.settings = world.settings(),
            .keys = world.snapshot.keys,
            .signed_out = world.signed_out,
            .admission = admission_,
            .metrics = world.metrics};
  }

  [[nodiscard]] BlockingFetch github() {
    return [this](const UpstreamRequest& asked) -> Result<UpstreamReply> {
      const bool is_token = asked.method == "POST";
      check(asked.url == (is_token ? "https://github.com/login/oauth/access_token"
                                   : "https://api.github.com/user"),
            "GitHub alone is asked");
      ++(is_token ? token_calls_ : user_calls_);
      const UpstreamReply& reply = replies_[is_token ? 0 : 1];
      if (reply.status == 0) return Error::kUpstreamUnreachable;
      return reply;
    };
  }

  void judge(std::string_view sent, int status) const {
    const VisitWorld& world = visit_world();
    const Secret& secret = world.settings().sites[0].client_secret;
    check(!tells(sent, secret.reveal()), "the secret is not told");
    check(!tells(sent, world.token), "the token is not told");
    check(token_calls_ <= 1 && user_calls_ <= 2, "a code is spent once");
    const bool granted = token_calls_ == 1 && static_cast<bool>(read_token_reply(replies_[0]));
    check(answer.afterwards.has_value() == granted, "every token is revoked");
    check(status != 201 || (granted && answer.outcome.subject > 0), "a session is for somebody");
    const bool seals = sent.find("Max-Age=") != sent.npos && sent.find("Max-Age=0\r") == sent.npos;
    check(seals == (status == 201), "a new session comes with a sign-in, and only so");
  }

  Answer answer;

 private:
  static UpstreamReply make_reply(std::string_view& input) {
    std::string_view line = take(input);
    const int status = std::atoi(std::string(take(line, ' ')).c_str()) % 1000;
    return {.status = status, .headers = {}, .body = std::string(line)};
  }

  UpstreamReply replies_[2];
  Admission admission_;  // one a visit: no input may depend on an earlier one
  int token_calls_ = 0;
  int user_calls_ = 0;
};

}  // namespace portero
