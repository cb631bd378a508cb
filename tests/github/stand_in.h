// GITHUB'S STAND-IN, as a library: a small honest GitHub on a loopback port of its own, for the
// demo, the tests and the github-stand-in program. It is never part of the proxy.
//
// Refuses to listen beyond loopback, to answer a Host that is not loopback, and to keep anything on
// disk. Anything it refuses, GitHub refuses. Go next to github.h (what it answers) and
// raw_faults.h (a GitHub that is broken below HTTP).
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace portero {

/// One registered OAuth app (or GitHub App).
struct StandInClient {
  std::string client_id = {};
  std::string client_secret = {};
  std::vector<std::string> redirect_uris = {};  // the first is where errors go; at least one
  std::string name = "A page of yours";         // shown on the consent page
  bool github_app = false;                      // tokens are ghu_ and have no scopes
  bool expiring_tokens = false;                 // answers carry expires_in and refresh_token
  bool suspended = false;                       // authorize comes back with application_suspended
};

struct StandInOptions {
  std::string client_id = {};
  std::string client_secret = {};
  std::vector<std::string> redirect_uris = {};
  std::string base_url = {};                // in avatar_url and the like; empty: url()
  std::string issuer = {};                  // empty: base_url + "/login/oauth"
  bool send_issuer = true;                  // false: an older Enterprise Server
  int port = 0;                             // 0: any free one
  std::int64_t rate_limit = 5000;           // REST calls per user and hour
  bool with_faults = false;                 // open fault_port() too
  bool with_tls = false;                    // and tls_url() and tls_api_url(), in front of it
  std::vector<StandInClient> clients = {};  // more apps than the first
};

class StandIn {
 public:
  /// Listens on 127.0.0.1. nullptr: `why` says in one sentence what prevented it.
  static std::unique_ptr<StandIn> start(StandInOptions options, std::string& why);

  ~StandIn();
  StandIn(const StandIn&) = delete;
  StandIn& operator=(const StandIn&) = delete;

  [[nodiscard]] int port() const;
  [[nodiscard]] std::string url() const;  // http://127.0.0.1:PORT, no slash at the end

  /// The same GitHub behind a port that also plays the faults below HTTP; 0 and "" without
  /// StandInOptions::with_faults.
  [[nodiscard]] int fault_port() const;
  [[nodiscard]] std::string fault_url() const;

  /// GitHub as it is on the internet: two hosts, both https, in front of the fault port if there is
  /// one, else of the ordinary one. "" without StandInOptions::with_tls.
  [[nodiscard]] std::string tls_url() const;      // https://localhost:PORT
  [[nodiscard]] std::string tls_api_url() const;  // https://127.0.0.1:PORT
  /// Who vouches for them: a certificate made for this stand-in, as PEM.
  [[nodiscard]] std::string tls_authority() const;

  /// Registers another callback, or another app, while running.
  void add_redirect_uri(std::string_view client_id, std::string redirect_uri);
  void add_client(StandInClient client);

  /// Plays `fault` (one of stand_in_faults()) at `at` ("token", "user", "emails", "revoke",
  /// "organization", "team", "repository") the next `times` times; or, at "github_connection" or
  /// "api_connection", one of stand_in_connection_faults() on the next `times` connections.
  /// `refused` and `dropped` hold until armed 0 times. False: no such place or name.
  bool arm_fault(std::string_view at, std::string_view fault, int times = 1);

  /// Makes somebody an active or pending member of an organisation, or of a team of it if one is
  /// named; "none": no member any more. False: there is no such organisation, team, login or state.
  bool set_membership(std::string_view organization, std::string_view team, std::string_view login,
                      std::string_view state);

  /// Moves GitHub's clock forward.
  void advance(std::int64_t seconds);

  /// A code as if `login` had pressed Authorize: for tests that do not care about the browser.
  /// Empty: no such client or user. `code_challenge` may be empty (no PKCE).
  std::string issue_code(std::string_view client_id, std::string_view login,
                         std::string_view redirect_uri, std::string_view code_challenge,
                         std::string_view scope = "");

  /// How often an endpoint was called: "authorize", "token", "user", "emails", "organization"
  /// (a membership in one), "profile" (of one), "team", "repository", "check", "reset", "revoke",
  /// "revoke_grant", "avatar".
  [[nodiscard]] int hits(std::string_view endpoint) const;
  [[nodiscard]] int live_tokens() const;
  [[nodiscard]] int revoked_tokens() const;

  /// Stops listening and joins every thread; called by the destructor too.
  void stop();

 private:
  struct Inside;
  explicit StandIn(std::unique_ptr<Inside> inside);
  std::unique_ptr<Inside> inside_;
};

/// Every fault that can be armed at a call, HTTP ones and raw ones (raw_faults.h).
[[nodiscard]] std::vector<std::string_view> stand_in_faults();

/// Every fault that can be armed at a connection (connection_faults.h).
[[nodiscard]] std::vector<std::string_view> stand_in_connection_faults();

}  // namespace portero
