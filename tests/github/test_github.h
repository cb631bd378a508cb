// A GitHub for tests: its clock stands still until told, its entropy counts, and one helper a step
// of the sign-in.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "tests/github/github.h"

namespace portero::stand_in {

inline constexpr std::string_view kCallback = "https://page.example/callback";
inline constexpr std::string_view kPairId = "stand-in-client";
inline constexpr std::string_view kPairSecret = "stand-in-secret";
// RFC 7636, appendix B.
inline constexpr std::string_view kVerifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
inline constexpr std::string_view kChallenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

inline StandInOptions test_options() {
  StandInOptions options;
  options.client_id = kPairId;
  options.client_secret = kPairSecret;
  options.redirect_uris = {std::string(kCallback), "http://127.0.0.1/callback"};
  options.base_url = "http://127.0.0.1:1";
  return options;
}

inline std::unique_ptr<GitHub> make_github(StandInOptions options = test_options()) {
  auto counter = std::make_shared<std::uint32_t>(0);
  return std::make_unique<GitHub>(
      std::move(options), [] { return std::int64_t{1'790'000'000}; },
      [counter](std::size_t count) {
        return sha256(std::to_string(++*counter)).append(count, 'e').substr(0, count);
      });
}

inline Reply get_authorize(GitHub& github, const Fields& query) {
  return github.answer(
      {.method = "GET", .path = "/login/oauth/authorize", .query = write_form(query)});
}

inline std::string header_in(const Reply& reply, std::string_view name) {
  return value_of(reply.headers, name);
}

/// The parameters of the address a reply sends the browser to.
inline Fields parameters_back(const Reply& reply) {
  const std::string location = header_in(reply, "Location");
  const std::size_t question = location.find('?');
  return question == std::string::npos ? Fields() : read_form(location.substr(question + 1));
}

/// Presses a button of a consent page.
inline Reply press(GitHub& github, const Reply& page, std::string_view decision,
                   std::string_view user = "583231") {
  constexpr std::string_view kBefore = "name=\"request\" value=\"";
  const std::size_t start = page.body.find(kBefore) + kBefore.size();
  const std::string request = page.body.substr(start, page.body.find('"', start) - start);
  return github.answer({.method = "POST",
                        .path = "/login/oauth/authorize",
                        .body = write_form({{"request", request},
                                            {"user", std::string(user)},
                                            {"decision", std::string(decision)}})});
}

inline Fields token_form(std::string_view code) {
  return {{"client_id", std::string(kPairId)},
          {"client_secret", std::string(kPairSecret)},
          {"code", std::string(code)},
          {"redirect_uri", std::string(kCallback)},
          {"code_verifier", std::string(kVerifier)}};
}

inline Reply post_token(GitHub& github, const Fields& form) {
  return github.answer({.method = "POST",
                        .path = "/login/oauth/access_token",
                        .headers = {{"Accept", "application/json"}},
                        .body = write_form(form)});
}

/// The members of the token endpoint's JSON answer.
inline Fields ask_token(GitHub& github, const Fields& form) {
  return read_json_fields(post_token(github, form).body).value_or(Fields());
}

inline std::string new_code(GitHub& github, std::string_view scope = "",
                            std::string_view login = "ada-page") {
  return github.issue_code(kPairId, login, kCallback, kChallenge, scope);
}

inline std::string new_token(GitHub& github, std::string_view scope = "",
                             std::string_view login = "ada-page") {
  return value_of(ask_token(github, token_form(new_code(github, scope, login))), "access_token");
}

inline Reply get_api(GitHub& github, std::string path, std::string_view token) {
  return github.answer(
      {.method = "GET",
       .path = std::move(path),
       .headers = {{"User-Agent", "test"}, {"Authorization", "Bearer " + std::string(token)}}});
}

}  // namespace portero::stand_in
