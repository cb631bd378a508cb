// Sign in with GitHub from a C++ program in the browser:
//
//   portero::browser::Client client(
//       "https://auth.example.com",
//       {.signed_in = [](const portero::browser::User& user) { greet(user.login); },
//        .signed_out = [] { greet("stranger"); }});
//   ...on a click:  client.sign_in();
//
// It is the page's own client (web/client.js) seen from C++: one sign-in for all that is on the
// page, and the same in every tab. Refuses to know codes, verifiers and tokens: they are judged in
// portero.wasm, a module of its own, so this program's memory never holds one. REQUIRES: the page
// includes web/portero.js before anything else, as the page that portero_page() makes does.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "wasm/error.h"

namespace portero::browser {

enum class SignInState : std::uint8_t {
  kStarting,   // asking who is signed in
  kSignedOut,  // nobody is
  kBusy,       // signing in or out; one call at a time, further ones do nothing
  kSignedIn,
  kError,  // see failure(); sign_in() tries again
};

/// Who is signed in. Recognise a person by `id`: logins and addresses change hands.
/// A text is empty where GitHub says none.
struct User {
  std::int64_t id = 0;
  std::string login;
  std::string name;
  std::string avatar_url;
  std::string html_url;
  std::string email;
};

struct Failure {
  Error error = Error::kInternal;  // name(), title() and hint() say it in words
  std::string hint;                // the proxy's, for the person who runs the site; may be empty
  int retry_after = 0;             // seconds; 0: no need to wait
};

/// Empty: not asked for, or the proxy's own. A wrong one is Error::kOptionInvalid, and the
/// failure's hint names it.
struct SignInOptions {
  std::string return_to = {};     // a page of this origin, seen from this one; empty: this one
  std::string scope = {};         // separated by spaces or commas
  std::string login_hint = {};    // suggests an account
  std::string prompt = {};        // "select_account"
  std::string allow_signup = {};  // "true" or "false"
  bool popup = false;             // a window of its own, for a program that must not lose its state
};

/// What a Client tells, each from the browser's event loop and none before the constructor has
/// returned. One may call any method of the Client, but not destroy it. None may throw.
struct Callbacks {
  /// Somebody is signed in who was not before: at the start, after a sign-in, or from another tab.
  std::function<void(const User&)> signed_in = {};
  /// Nobody is: at the start, or no longer.
  std::function<void()> signed_out = {};
  /// Each failure, once.
  std::function<void(const Failure&)> failed = {};
  /// Any change of state(), after the others: the time to draw.
  std::function<void(SignInState)> changed = {};
};

class Client {
 public:
  /// The client of the proxy at that address; empty: the page's own origin.
  /// It must outlive main(), for the browser's events come after: make it static, or keep it on the
  /// heap.
  explicit Client(std::string_view proxy, Callbacks callbacks = {});
  ~Client();
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  /// To GitHub and back: the page is left (unless by popup) and comes back signed in.
  /// REQUIRES: called while a click, a key or a touch is handled, as browsers open windows only
  /// then. In another site's frame nobody can sign in, so there it opens the page on its own.
  void sign_in(const SignInOptions& options = {});

  /// Ends the session in this browser, in every tab.
  void sign_out();

  /// Ends the wait for a popup.
  void cancel();

  [[nodiscard]] SignInState state() const { return state_; }

  /// Who is signed in, as far as is known: a failed sign-out leaves the user.
  [[nodiscard]] const std::optional<User>& user() const { return user_; }

  /// What went wrong, while state() is kError.
  [[nodiscard]] const std::optional<Failure>& failure() const { return failure_; }

 private:
  void look();

  const Callbacks callbacks_;
  SignInState state_ = SignInState::kStarting;
  std::optional<User> user_;
  std::optional<Failure> failure_;
  std::optional<std::int64_t> told_;  // whose name was told last; 0: that nobody is signed in
  int handle_;
};

}  // namespace portero::browser
