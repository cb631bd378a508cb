// What the stand-in answers: one call in, one reply out. No socket, no thread, no clock and no
// entropy of its own, so that a test holds all of them. Go next to authorize.cpp (the browser's
// half), token.cpp (the proxy's), api.cpp and memberships.cpp (REST).
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tests/github/organizations.h"
#include "tests/github/people.h"
#include "tests/github/scopes.h"
#include "tests/github/stand_in.h"
#include "tests/github/wire.h"

namespace portero::stand_in {

struct Call {
  std::string method = {};
  std::string path = {};   // decoded, without query
  std::string query = {};  // as sent, without `?`
  Fields headers = {};
  std::string body = {};
};

struct Reply {
  int status = 200;
  Fields headers = {};
  std::string body = {};
  std::string raw_fault = {};  // not empty: only raw_faults.cpp can play this one
};

/// The value of a header of the call, without regard to case; "" when absent.
[[nodiscard]] std::string header_of(const Call& call, std::string_view name);

[[nodiscard]] Reply make_reply(int status, std::string content_type, std::string body);

/// Where a connection fault is armed: at the front of github.com, or at the API's.
inline constexpr std::string_view kGithubConnection = "github_connection";
inline constexpr std::string_view kApiConnection = "api_connection";

using Clock = std::function<std::int64_t()>;                    // seconds since 1970
using Entropy = std::function<std::string(std::size_t count)>;  // that many octets

class GitHub {
 public:
  /// REQUIRES: options.base_url is set.
  GitHub(StandInOptions options, Clock clock, Entropy entropy);

  /// Never fails: what GitHub would not know is a 404.
  [[nodiscard]] Reply answer(const Call& call);

  void add_client(StandInClient client) { clients_.push_back(std::move(client)); }
  void add_redirect_uri(std::string_view client_id, std::string redirect_uri);
  bool arm_fault(std::string_view at, std::string_view fault, int times);
  /// The fault armed at this place; "" for none. It is then once less to be played.
  std::string take_fault(std::string_view at);
  /// The same, and nothing changes.
  [[nodiscard]] std::string armed_fault(std::string_view at) const;
  /// That many bytes were said to whom the connection fault made of GitHub.
  void note_heard(std::string_view at, std::string_view fault, std::size_t bytes) {
    heard_[std::string(at).append(" ").append(fault)] += bytes;
  }
  bool set_membership(std::string_view organization, std::string_view team, std::string_view login,
                      std::string_view state) {
    return stand_in::set_membership(organizations_, organization, team, login, state);
  }
  void advance(std::int64_t seconds) { ahead_ += seconds; }
  std::string issue_code(std::string_view client_id, std::string_view login,
                         std::string_view redirect_uri, std::string_view code_challenge,
                         std::string_view scope);
  [[nodiscard]] int hits(std::string_view endpoint) const;
  [[nodiscard]] int live_tokens() const;
  [[nodiscard]] int revoked_tokens() const { return revoked_; }

 private:
  /// An authorize request that passed, waiting for the person.
  struct Asked {
    std::string client_id;
    std::string redirect_uri;
    std::string state;
    bool has_state = false;
    std::string code_challenge;
    Scopes scopes;
    bool offline = false;  // offline_access was asked: an expiring token
    std::int64_t created = 0;
  };
  struct Code {
    Asked asked;
    std::int64_t user = 0;
    std::int64_t created = 0;
  };
  struct Token {
    std::string text;
    std::string refresh;  // empty: does not expire
    std::string client_id;
    std::int64_t user = 0;
    Scopes scopes;
    std::int64_t id = 0;
    std::int64_t created = 0;
    std::int64_t used = 0;     // 0: never
    std::int64_t expires = 0;  // 0: never
    std::int64_t refresh_expires = 0;
  };
  struct Armed {
    std::string fault;
    int times = 0;
  };

  [[nodiscard]] std::int64_t now() const { return clock_() + ahead_; }
  [[nodiscard]] const StandInClient* client(std::string_view client_id) const;
  std::string secret(std::string_view prefix, std::size_t length);
  Reply answer_or_break(const Call& call);
  Reply route(const Call& call, std::string_view path);

  [[nodiscard]] Reply state_page() const;
  [[nodiscard]] Reply connection(const Call& call, std::string_view path) const;
  Reply control(const Call& call, std::string_view path);

  // authorize.cpp
  Reply authorize(const Call& call);
  Reply decide(const Call& call);
  [[nodiscard]] Reply back(const Asked& asked, std::string_view to, Fields fields) const;
  [[nodiscard]] Reply refuse(const Asked& asked, std::string_view to, std::string_view error,
                             std::string_view description) const;
  std::string new_code(Asked asked, std::int64_t user);

  // token.cpp
  Reply token(const Call& call);
  Fields trade_code(const Fields& asked, const StandInClient& app);
  Fields trade_refresh(const Fields& asked, const StandInClient& app);
  Token& make_token(const StandInClient& app, std::int64_t user, Scopes scopes, bool expiring);
  void evict(const Token& like);
  [[nodiscard]] Fields describe_token(const Token& token, const StandInClient& app) const;

  // api.cpp
  Reply api(const Call& call, std::string_view path);
  Reply user_call(const Call& call, std::string_view path);
  [[nodiscard]] Reply persons_call(const Call& call, std::string_view path, const Person& who,
                                   const Token& token) const;
  Reply app_call(const Call& call, std::string_view path);
  Reply app_token_call(const Call& call, const StandInClient& app, std::string_view verb);
  Token* live_token(std::string_view text);
  [[nodiscard]] std::string check_body(const Token& token, const StandInClient& app) const;
  [[nodiscard]] Fields rate_headers(std::int64_t limit, std::int64_t used) const;

  // memberships.cpp
  struct Sight;
  [[nodiscard]] Reply membership_call(std::string_view path, const Person& who,
                                      const Token& token) const;
  [[nodiscard]] Reply organization_membership(const Sight& sight, std::string_view name) const;
  [[nodiscard]] Reply team_membership(const Sight& sight, std::string_view path) const;
  [[nodiscard]] Reply profile(std::string_view name) const;
  [[nodiscard]] Reply repository(const Sight& sight, std::string_view path) const;
  [[nodiscard]] Reply public_call(const Call& call, std::string_view path) const;

  StandInOptions options_;
  Clock clock_;
  Entropy entropy_;
  std::int64_t ahead_ = 0;
  std::vector<StandInClient> clients_;
  Organizations organizations_ = make_organizations();
  std::map<std::string, Asked> asked_;
  std::deque<std::string> asked_in_order_;  // the keys of asked_, oldest first
  std::map<std::string, Code> codes_;
  std::vector<Token> tokens_;
  std::map<std::pair<std::int64_t, std::string>, Scopes> grants_;        // user, client_id
  std::map<std::int64_t, std::pair<std::int64_t, std::int64_t>> calls_;  // user: hour, count
  std::map<std::string, Armed, std::less<>> faults_;
  std::map<std::string, int, std::less<>> hits_;
  std::map<std::string, std::size_t, std::less<>> heard_;
  std::string last_redirect_uri_;
  std::int64_t next_id_ = 1;
  int revoked_ = 0;
};

}  // namespace portero::stand_in
