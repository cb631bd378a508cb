// Turns what the page's client says (browser.h) into states, users and failures, and tells each
// once.
#include "web/cpp/client.h"

#include <array>
#include <charconv>
#include <utility>

#include "web/cpp/browser.h"

namespace portero::browser {
namespace {

struct Name {
  SignInState state;
  std::string_view text;
};

constexpr std::array kNames = {
    Name{SignInState::kStarting, "starting"}, Name{SignInState::kSignedOut, "signed-out"},
    Name{SignInState::kBusy, "busy"},         Name{SignInState::kSignedIn, "signed-in"},
    Name{SignInState::kError, "error"},
};

std::optional<SignInState> state_named(std::string_view text) {
  for (const Name& name : kNames) {
    if (name.text == text) return name.state;
  }
  return std::nullopt;
}

/// A whole number above 0, or 0.
template <typename Number>
Number read_number(const std::string& text) {
  Number number = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  return error == std::errc() && stop == end && number > 0 ? number : 0;
}

std::string read(int handle, PorteroField field) {
  std::string text(portero_browser_measure(handle, field), '\0');
  portero_browser_copy(handle, field, text.data());
  return text;
}

std::optional<User> read_user(int handle) {
  const auto id = read_number<std::int64_t>(read(handle, kPorteroUserId));
  if (id == 0) return std::nullopt;
  return User{.id = id,
              .login = read(handle, kPorteroUserLogin),
              .name = read(handle, kPorteroUserName),
              .avatar_url = read(handle, kPorteroUserAvatarUrl),
              .html_url = read(handle, kPorteroUserHtmlUrl),
              .email = read(handle, kPorteroUserEmail)};
}

Failure read_failure(int handle) {
  return {.error = error_named(read(handle, kPorteroErrorCode)),
          .hint = read(handle, kPorteroErrorHint),
          .retry_after = read_number<int>(read(handle, kPorteroErrorRetryAfter))};
}

}  // namespace

Client::Client(std::string_view proxy, Callbacks callbacks)
    : callbacks_(std::move(callbacks)),
      handle_(portero_browser_connect(
          proxy.data(), proxy.size(), [](void* client) { static_cast<Client*>(client)->look(); },
          this)) {}

Client::~Client() { portero_browser_disconnect(handle_); }

void Client::sign_in(const SignInOptions& options) {
  const std::array<std::pair<std::string_view, std::string_view>, 6> named = {{
      {"returnTo", options.return_to},
      {"scope", options.scope},
      {"loginHint", options.login_hint},
      {"prompt", options.prompt},
      {"allowSignup", options.allow_signup},
      {"mode", options.popup ? "popup" : ""},
  }};
  for (const auto& [name, value] : named) {
    if (value.empty()) continue;
    portero_browser_option(handle_, name.data(), name.size(), value.data(), value.size());
  }
  portero_browser_sign_in(handle_);
}

void Client::sign_out() { portero_browser_sign_out(handle_); }

void Client::cancel() { portero_browser_cancel(handle_); }

void Client::look() {
  const std::optional<SignInState> state = state_named(read(handle_, kPorteroState));
  if (!state) return;  // of a page newer than this program
  const SignInState before = std::exchange(state_, *state);
  const std::optional<Failure> failed_before = std::exchange(failure_, std::nullopt);
  if (*state == SignInState::kError) failure_ = read_failure(handle_);
  user_ = read_user(handle_);

  // A callback may start the next change, which comes through here before the callback is over: so
  // what is told is decided before anything is.
  const std::optional<User> user = user_;
  const std::optional<Failure> failure = failure_;
  const std::int64_t whose = user ? user->id : 0;
  const bool is_settled = *state == SignInState::kSignedIn || *state == SignInState::kSignedOut;
  const bool is_news = is_settled && told_ != whose;
  if (is_settled) told_ = whose;
  const bool is_failure = failure && (!failed_before || failed_before->error != failure->error);
  if (is_news && user && callbacks_.signed_in) callbacks_.signed_in(*user);
  if (is_news && !user && callbacks_.signed_out) callbacks_.signed_out();
  if (is_failure && callbacks_.failed) callbacks_.failed(*failure);
  if (before != *state && callbacks_.changed) callbacks_.changed(*state);
}

}  // namespace portero::browser
