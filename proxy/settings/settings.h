// What an operator may set, once read and valid. Plain values. read_settings.h reads them from a
// file, the environment and flags; docs/settings.md says what each means to an operator.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "proxy/base/addresses.h"
#include "proxy/base/time.h"
#include "proxy/policy/policy.h"
#include "proxy/settings/secret.h"

namespace portero {

/// GitHub, an Enterprise Server, or the stand-in. Addresses without a trailing slash.
struct GithubSettings {
  std::string url = "https://github.com";
  std::string api_url = "https://api.github.com";
  std::string issuer = "https://github.com/login/oauth";  // RFC 9207
  bool require_issuer = false;
  std::string ca_file;           // PEM; empty: the system's hashed directory
  std::string proxy;             // "http://proxy.example:3128", for https only; empty: none
  Secret proxy_credentials;      // "user:password"; empty: none are sent
  std::size_t connections = 16;  // to each host over HTTP/2, at most; 0: HTTP/1.1 only
};

/// One page origin that may use this proxy, with all that depends on it. A request chooses none of
/// this.
struct Site {
  std::string origin;        // its own serialisation: "https://page.example"
  std::string redirect_uri;  // starts with the origin; pinned, always sent to GitHub
  std::string client_id;
  Secret client_secret;
  std::string scope;             // space separated, may be empty; with what `rules` need
  std::string cookie_name;       // made once from the origin, see session/cookies.h
  bool insecure_cookie = false;  // http: on loopback only: the portero-dev- name, without Secure
  bool cross_site = true;        // may sign in from another site than the proxy's, by a key
  std::vector<Rule> rules = {};  // what its sign-ins ask GitHub: rules_of() its policies
};

using Timestamp = UnixTime;
using SubjectTimestamps = std::map<std::int64_t, Timestamp>;  // by user id at GitHub

/// They also hold for sessions sealed under older settings: shortening ends what is too old.
struct SessionSettings {
  std::chrono::seconds lifetime = std::chrono::hours(24 * 7);  // from auth_time
  std::chrono::seconds idle = std::chrono::seconds(0);         // 0: off
  Timestamp not_before;                                        // ends what was signed in before it
  SubjectTimestamps subjects_not_before;                       // likewise, one person's
};

struct Limits {
  std::size_t connections = 10000;
  std::size_t connections_per_address = 512;     // IPv6: per /64
  std::size_t target = 1024;                     // bytes of the request target
  std::size_t headers = std::size_t{16} * 1024;  // bytes of the header block, request line included
  std::size_t header_fields = 64;
  std::size_t body = std::size_t{4} * 1024;                           // bytes
  std::chrono::milliseconds request_time = std::chrono::seconds(10);  // first byte to last
  std::chrono::milliseconds idle_time = std::chrono::seconds(75);     // between requests
  std::chrono::milliseconds answer_time = std::chrono::seconds(5);    // + 1 s per 8 kB
  std::size_t logins = 256;                    // under way at once, their revocations included
  std::size_t logins_per_address = 60;         // at once
  std::size_t logins_per_address_minute = 30;  // and then
  std::size_t logins_per_hour = 1900;          // codes sent to GitHub, per client_id
  std::size_t queue = 1024;                    // sign-ins waiting
  std::size_t loops = 0;                       // threads that serve; 0: as many as cores
};

struct LogSettings {
  std::string level = "info";    // debug, info, warning, error
  std::string format = "human";  // human, json
};

struct Settings {
  std::vector<Site> sites;       // ascending by origin
  std::vector<Policy> policies;  // sorted by name, for find_policy()
  GithubSettings github;
  SessionSettings session;
  Limits limits;
  LogSettings log;
  std::string public_url;                 // where pages reach this proxy; may be empty
  std::string listen = "127.0.0.1:8080";  // "ADDRESS:PORT" or "unix:/path"
  std::string internal_listen;            // likewise; empty: no internal listener
  std::string listen_mode = "0660";       // permissions of unix sockets, octal
  AddressList trusted_proxies = {"127.0.0.0/8", "::1", "unix"};
  std::string static_dir;  // empty: no files
  std::string session_keys_file;
};

}  // namespace portero
