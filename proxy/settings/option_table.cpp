#include "proxy/settings/option_table.h"

#include <array>

namespace portero {
namespace {

const std::array kOptions = {
    Option{.name = "client_id",
           .place = place::Text([](Draft& d) -> std::string& { return d.client_id; }),
           .on_command_line = true,
           .meaning = "The OAuth app's (or GitHub App's) client id, from its page at GitHub."},
    Option{.name = "client_secret_file",
           .place = place::Text([](Draft& d) -> std::string& { return d.client_secret_file; }),
           .on_command_line = true,
           .is_path = true,
           .meaning = "File that holds the client secret and nothing else, mode 0600 or 0640; one "
                      "trailing newline is cut."},
    Option{.name = "client_secret",
           .place = place::Hidden([](Draft& d) -> Secret& { return d.client_secret; }),
           .meaning =
               "The client secret itself, in the environment only: never in the settings file, "
               "never a flag."},
    Option{.name = "scope",
           .place = place::Text([](Draft& d) -> std::string& { return d.scope; }),
           .meaning = "What is asked of the visitor, separated by spaces: `user:email` to learn "
                      "the primary e-mail address. Empty: who they are, nothing more. A GitHub App "
                      "(`Iv…`) has permissions instead: there `user:email` needs *Email addresses: "
                      "read-only*, and GitHub ignores all else."},
    Option{.name = "public_url",
           .place = place::Text([](Draft& d) -> std::string& { return d.settings.public_url; }),
           .on_command_line = true,
           .meaning =
               "Where pages reach this proxy: `https://login.example`. Pages of other sites sign "
               "in only when it is set; `portero check` calls it."},
    Option{.name = "listen",
           .place = place::Text([](Draft& d) -> std::string& { return d.settings.listen; }),
           .on_command_line = true,
           .meaning =
               "`ADDRESS:PORT` or `unix:/path`. When not set and the environment has `PORT`: "
               "`0.0.0.0:$PORT`. Plain HTTP; TLS ends in front."},
    Option{.name = "listen_mode",
           .place = place::Text([](Draft& d) -> std::string& { return d.settings.listen_mode; }),
           .choices = "0600|0660|0666",
           .meaning = "Permissions of the unix sockets that `listen` and `internal_listen` make."},
    Option{
        .name = "internal_listen",
        .place = place::Text([](Draft& d) -> std::string& { return d.settings.internal_listen; }),
        .on_command_line = true,
        .meaning =
            "Where `GET /v1/check/…`, `/metrics`, `/healthz` and `/readyz` are answered: like "
            "`listen`. Empty: nowhere."},
    Option{
        .name = "trusted_proxies",
        .place = place::Nets([](Draft& d) -> AddressList& { return d.settings.trusted_proxies; }),
        .on_command_line = true,
        .meaning = "Addresses, nets and `unix` whose `X-Forwarded-For` is believed: what ends TLS "
                   "in front. Never limited themselves."},
    Option{.name = "static_dir",
           .place = place::Text([](Draft& d) -> std::string& { return d.settings.static_dir; }),
           .on_command_line = true,
           .is_path = true,
           .meaning = "Directory of the page's files, read into memory at start. Empty: no files."},
    Option{
        .name = "session_keys_file",
        .place = place::Text([](Draft& d) -> std::string& { return d.settings.session_keys_file; }),
        .on_command_line = true,
        .is_path = true,
        .meaning = "File of the keys that seal sessions; `portero keygen` makes it."},
    Option{.name = "session.lifetime",
           .place = place::Seconds(
               [](Draft& d) -> std::chrono::seconds& { return d.settings.session.lifetime; }),
           .min = 60,
           .max = 90 * kDay,
           .meaning = "How long after signing in a session ends."},
    Option{.name = "session.idle",
           .place = place::Seconds(
               [](Draft& d) -> std::chrono::seconds& { return d.settings.session.idle; }),
           .max = 90 * kDay,
           .meaning = "How long a session lives unused; `0`: until its lifetime ends."},
    Option{
        .name = "session.not_before",
        .place = place::When([](Draft& d) -> Timestamp& { return d.settings.session.not_before; }),
        .meaning = "Ends every session that was signed in before it: `2026-11-24T03:00:00Z` or "
                   "seconds since 1970, not later than now."},
    Option{.name = "session.subjects_not_before",
           .place = place::WhenOf([](Draft& d) -> SubjectTimestamps& {
             return d.settings.session.subjects_not_before;
           }),
           .meaning = "The same for one person each, by their user id at GitHub: a list of "
                      "`583231=2026-11-24T03:00:00Z`."},
    Option{.name = "github.url",
           .place = place::Text([](Draft& d) -> std::string& { return d.settings.github.url; }),
           .on_command_line = true,
           .meaning = "GitHub's web address: also `https://SUB.ghe.com` or an Enterprise Server."},
    Option{.name = "github.api_url",
           .place = place::Text([](Draft& d) -> std::string& { return d.settings.github.api_url; }),
           .meaning = "Its REST address. When not set it follows from `github.url`."},
    Option{.name = "github.issuer",
           .place = place::Text([](Draft& d) -> std::string& { return d.settings.github.issuer; }),
           .meaning = "The issuer (RFC 9207) its callbacks name. When not set it follows from "
                      "`github.url`."},
    Option{.name = "github.require_issuer",
           .place = place::Bool([](Draft& d) -> bool& { return d.settings.github.require_issuer; }),
           .meaning = "Refuse callbacks that name no issuer."},
    Option{.name = "github.ca_file",
           .place = place::Text([](Draft& d) -> std::string& { return d.settings.github.ca_file; }),
           .is_path = true,
           .meaning = "PEM file of the authorities trusted for GitHub. Empty: the system's."},
    Option{.name = "github.proxy",
           .place = place::Text([](Draft& d) -> std::string& { return d.settings.github.proxy; }),
           .meaning =
               "Forward proxy through which GitHub is called: `http://HOST:PORT` or "
               "`https://HOST:PORT`, without a password. Empty: none, whatever `HTTPS_PROXY` "
               "says."},
    Option{.name = "github.proxy_credentials_file",
           .place = place::Text([](Draft& d) -> std::string& { return d.proxy_credentials_file; }),
           .is_path = true,
           .meaning = "File that holds `user:password` for `github.proxy` and nothing else, mode "
                      "0600 or 0640."},
    Option{.name = "github.connections",
           .place =
               place::Count([](Draft& d) -> std::size_t& { return d.settings.github.connections; }),
           .min = 1,
           .max = 256,
           .meaning = "Connections to each of its two hosts over HTTP/2, 32 calls on each. Over "
                      "HTTP/1.1 there is one for each login under way, and up to eight while it "
                      "asks what policies name."},
    Option{.name = "log.level",
           .place = place::Text([](Draft& d) -> std::string& { return d.settings.log.level; }),
           .on_command_line = true,
           .choices = "debug|info|warning|error",
           .meaning = "The minimum level that is logged."},
    Option{.name = "log.format",
           .place = place::Text([](Draft& d) -> std::string& { return d.settings.log.format; }),
           .on_command_line = true,
           .choices = "human|json",
           .meaning = "One line an event, for people or as JSON. To standard error."},
    Option{.name = "limits.connections",
           .place =
               place::Count([](Draft& d) -> std::size_t& { return d.settings.limits.connections; }),
           .min = 1,
           .max = 1000000,
           .meaning = "Connections open at once; the soft limit of open files is raised to it."},
    Option{.name = "limits.connections_per_address",
           .place = place::Count(
               [](Draft& d) -> std::size_t& { return d.settings.limits.connections_per_address; }),
           .min = 1,
           .max = 1000000,
           .meaning = "Connections from one address (IPv6: one /64) that is not a trusted proxy."},
    Option{.name = "limits.target",
           .place = place::Count([](Draft& d) -> std::size_t& { return d.settings.limits.target; }),
           .min = 64,
           .max = 1024,
           .meaning = "Bytes of a request's target."},
    Option{
        .name = "limits.headers",
        .place = place::Count([](Draft& d) -> std::size_t& { return d.settings.limits.headers; }),
        .min = 1024,
        .max = 65536,
        .meaning = "Bytes of a request's line and headers."},
    Option{.name = "limits.header_fields",
           .place = place::Count(
               [](Draft& d) -> std::size_t& { return d.settings.limits.header_fields; }),
           .min = 8,
           .max = 1000,
           .meaning = "Header lines of a request."},
    Option{.name = "limits.body",
           .place = place::Count([](Draft& d) -> std::size_t& { return d.settings.limits.body; }),
           .min = 1024,
           .max = 1048576,
           .meaning = "Bytes of a request's body."},
    Option{.name = "limits.request_time",
           .place = place::Milliseconds([](Draft& d) -> std::chrono::milliseconds& {
             return d.settings.limits.request_time;
           }),
           .min = 1,
           .max = 600,
           .meaning = "Time from a request's first byte to its last."},
    Option{.name = "limits.idle_time",
           .place = place::Milliseconds(
               [](Draft& d) -> std::chrono::milliseconds& { return d.settings.limits.idle_time; }),
           .min = 1,
           .max = 3600,
           .meaning = "How long a connection may wait between two requests."},
    Option{.name = "limits.answer_time",
           .place = place::Milliseconds([](Draft& d) -> std::chrono::milliseconds& {
             return d.settings.limits.answer_time;
           }),
           .min = 1,
           .max = 600,
           .meaning = "How long a visitor may take to read an answer, and 1 s more for each 8 kB."},
    Option{.name = "limits.logins",
           .place = place::Count([](Draft& d) -> std::size_t& { return d.settings.limits.logins; }),
           .min = 1,
           .max = 4096,
           .meaning = "Sign-ins at GitHub under way at once."},
    Option{.name = "limits.logins_per_address",
           .place = place::Count(
               [](Draft& d) -> std::size_t& { return d.settings.limits.logins_per_address; }),
           .min = 1,
           .max = 1000000,
           .meaning = "Sign-ins at once from one address (IPv6: one /64) before it has to wait."},
    Option{.name = "limits.logins_per_address_minute",
           .place = place::Count([](Draft& d) -> std::size_t& {
             return d.settings.limits.logins_per_address_minute;
           }),
           .min = 1,
           .max = 60000,
           .meaning = "Sign-ins it may begin in each minute after that."},
    Option{.name = "limits.logins_per_hour",
           .place = place::Count(
               [](Draft& d) -> std::size_t& { return d.settings.limits.logins_per_hour; }),
           .min = 4,
           .max = 1000000,
           .meaning = "Codes sent to GitHub in any hour, for each client id; GitHub takes 2,000. A "
                      "quarter is kept for visitors who were signed in before."},
    Option{.name = "limits.queue",
           .place = place::Count([](Draft& d) -> std::size_t& { return d.settings.limits.queue; }),
           .min = 1,
           .max = 100000,
           .meaning = "Sign-ins that may wait for a place."},
    Option{
        .name = "limits.loops",
        .place = place::Count([](Draft& d) -> std::size_t& { return d.settings.limits.loops; }),
        .min = 0,
        .max = 256,
        .meaning = "Threads that serve visitors, each its own connections; 0: as many as cores."},
};

}  // namespace

std::span<const Option> all_options() { return kOptions; }

const Option* find_option(std::string_view name) {
  for (const Option& key : all_options()) {
    if (key.name == name) return &key;
  }
  return nullptr;
}

}  // namespace portero
