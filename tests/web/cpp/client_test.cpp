// What a C++ program is told, and when: the browser is a row of fields in memory that the tests
// set.
#include "web/cpp/client.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "web/cpp/browser.h"

namespace {

struct Browser {
  std::string proxy;
  void (*changed)(void*) = nullptr;
  void* client = nullptr;
  bool connected = false;
  std::map<PorteroField, std::string> fields;
  std::map<std::string, std::string> options;
  std::vector<std::string> calls;
};

constexpr int kHandle = 7;
Browser page;

}  // namespace

int portero_browser_connect(const char* proxy, std::size_t proxy_size, void (*changed)(void*),
                            void* client) {
  page.proxy = {proxy, proxy_size};
  page.changed = changed;
  page.client = client;
  page.connected = true;
  return kHandle;
}

void portero_browser_disconnect(int handle) { page.connected = handle != kHandle; }

std::size_t portero_browser_measure(int /*handle*/, PorteroField field) {
  return page.fields[field].size();
}

void portero_browser_copy(int /*handle*/, PorteroField field, char* room) {
  std::ranges::copy(page.fields[field], room);
}

void portero_browser_option(int /*handle*/, const char* name, std::size_t name_size,
                            const char* value, std::size_t value_size) {
  page.options[{name, name_size}] = {value, value_size};
}

void portero_browser_sign_in(int /*handle*/) { page.calls.emplace_back("sign in"); }
void portero_browser_sign_out(int /*handle*/) { page.calls.emplace_back("sign out"); }
void portero_browser_cancel(int /*handle*/) { page.calls.emplace_back("cancel"); }

namespace portero::browser {
namespace {

using Fields = std::map<PorteroField, std::string>;
using Log = std::vector<std::string>;

const Fields kAda = {{kPorteroState, "signed-in"},
                     {kPorteroUserId, "583231"},
                     {kPorteroUserLogin, "ada"},
                     {kPorteroUserName, "Ada Página"},
                     {kPorteroUserAvatarUrl, "https://avatars.example/1"},
                     {kPorteroUserHtmlUrl, "https://github.example/ada"},
                     {kPorteroUserEmail, "ada@example.com"}};

Fields state(const std::string& name) { return {{kPorteroState, name}}; }

Fields signed_in(const std::string& id, const std::string& login) {
  return {{kPorteroState, "signed-in"}, {kPorteroUserId, id}, {kPorteroUserLogin, login}};
}

Fields failed(const std::string& code, Fields more = {}) {
  more.insert({{kPorteroState, "error"}, {kPorteroErrorCode, code}});
  return more;
}

/// A program that writes down what it is told.
class ClientTest : public ::testing::Test {
 protected:
  void SetUp() override {
    page = {};
    client = std::make_unique<Client>(
        "https://auth.example",
        Callbacks{.signed_in = [this](const User& user) { told.push_back("in " + user.login); },
                  .signed_out = [this] { told.emplace_back("out"); },
                  .failed = [this](const Failure& f) { told.emplace_back(name(f.error)); },
                  .changed =
                      [this](SignInState now) {
                        told.push_back(now == client->state() ? "changed"
                                                              : "changed, but not there");
                      }});
  }

  static void becomes(Fields fields) {
    page.fields = std::move(fields);
    page.changed(page.client);
  }

  Log told;
  std::unique_ptr<Client> client;
};

TEST_F(ClientTest, StartsWithNothingKnownAndNothingTold) {
  EXPECT_EQ(page.proxy, "https://auth.example");
  EXPECT_EQ(client->state(), SignInState::kStarting);
  EXPECT_FALSE(client->user());
  EXPECT_FALSE(client->failure());
  EXPECT_EQ(told, Log());
}

TEST_F(ClientTest, TellsWhoIsSignedInWithAllThatIsKnown) {
  becomes(kAda);
  ASSERT_TRUE(client->user());
  EXPECT_EQ(client->user()->id, 583231);
  EXPECT_EQ(client->user()->login, "ada");
  EXPECT_EQ(client->user()->name, "Ada Página");
  EXPECT_EQ(client->user()->avatar_url, "https://avatars.example/1");
  EXPECT_EQ(client->user()->html_url, "https://github.example/ada");
  EXPECT_EQ(client->user()->email, "ada@example.com");
  EXPECT_EQ(told, Log({"in ada", "changed"}));
}

TEST_F(ClientTest, KnowsIdsBeyond32Bits) {
  becomes(signed_in("9007199254740991", "last"));
  ASSERT_TRUE(client->user());
  EXPECT_EQ(client->user()->id, 9007199254740991);
}

TEST_F(ClientTest, TakesNoUserFromAnIdThatIsNone) {
  for (const char* id : {"", "0", "-1", "1.5", "1e3", " 1", "1 ", "x", "9223372036854775808"}) {
    becomes(signed_in(id, "nobody"));
    EXPECT_FALSE(client->user()) << id;
  }
}

TEST_F(ClientTest, TellsOfEveryoneWhoComesAndGoesOnce) {
  becomes(state("signed-out"));
  becomes(state("signed-out"));
  becomes(state("busy"));
  becomes(signed_in("1", "ada"));
  becomes(signed_in("1", "ada"));
  becomes(signed_in("2", "bo"));
  becomes(state("signed-out"));
  EXPECT_EQ(told,
            Log({"out", "changed", "changed", "in ada", "changed", "in bo", "out", "changed"}));
}

TEST_F(ClientTest, SaysNothingNewWhenACancelledSignInEndsWhereItBegan) {
  becomes(state("signed-out"));
  told.clear();
  becomes(state("busy"));
  becomes(state("signed-out"));
  EXPECT_EQ(told, Log({"changed", "changed"}));
}

TEST_F(ClientTest, TellsEachFailureOnceButEachTryOfIts) {
  becomes(failed("proxy_unreachable"));
  becomes(failed("proxy_unreachable"));
  EXPECT_EQ(told, Log({"proxy_unreachable", "changed"}));
  becomes(failed("offline"));
  EXPECT_EQ(told.back(), "offline");
  told.clear();
  becomes(state("busy"));
  EXPECT_FALSE(client->failure());
  becomes(failed("offline"));
  EXPECT_EQ(told, Log({"changed", "offline", "changed"}));
}

TEST_F(ClientTest, GivesAFailureItsHintAndItsDelay) {
  becomes(
      failed("rate_limited", {{kPorteroErrorHint, "Slow down."}, {kPorteroErrorRetryAfter, "30"}}));
  ASSERT_TRUE(client->failure());
  EXPECT_EQ(client->failure()->error, Error::kRateLimited);
  EXPECT_EQ(client->failure()->hint, "Slow down.");
  EXPECT_EQ(client->failure()->retry_after, 30);
}

TEST_F(ClientTest, CallsAnErrorItDoesNotKnowInternal) {
  becomes(failed("of_tomorrow", {{kPorteroErrorRetryAfter, "soon"}}));
  ASSERT_TRUE(client->failure());
  EXPECT_EQ(client->failure()->error, Error::kInternal);
  EXPECT_EQ(client->failure()->retry_after, 0);
}

TEST_F(ClientTest, KeepsTheUserWhenSigningOutFails) {
  becomes(kAda);
  told.clear();
  Fields fields = kAda;
  fields[kPorteroState] = "error";
  fields[kPorteroErrorCode] = "offline";
  becomes(fields);
  EXPECT_TRUE(client->user());
  becomes(kAda);
  EXPECT_EQ(told, Log({"offline", "changed", "changed"}));
}

TEST_F(ClientTest, StaysAsItIsInAStateOfTomorrow) {
  becomes(kAda);
  becomes(state("levitating"));
  EXPECT_EQ(client->state(), SignInState::kSignedIn);
  EXPECT_TRUE(client->user());
}

TEST_F(ClientTest, PassesTheOptionsThatAreSet) {
  client->sign_in();
  EXPECT_TRUE(page.options.empty());
  client->sign_in({.return_to = "/level/2#gate",
                   .scope = "user:email",
                   .login_hint = "ada",
                   .prompt = "select_account",
                   .allow_signup = "false",
                   .popup = true});
  EXPECT_EQ(page.options, (std::map<std::string, std::string>{{"returnTo", "/level/2#gate"},
                                                              {"scope", "user:email"},
                                                              {"loginHint", "ada"},
                                                              {"prompt", "select_account"},
                                                              {"allowSignup", "false"},
                                                              {"mode", "popup"}}));
  EXPECT_EQ(page.calls, Log({"sign in", "sign in"}));
}

TEST_F(ClientTest, PassesTheOtherCalls) {
  client->cancel();
  client->sign_out();
  EXPECT_EQ(page.calls, Log({"cancel", "sign out"}));
}

TEST_F(ClientTest, LetsGoOfTheBrowserAtItsEnd) {
  ASSERT_TRUE(page.connected);
  client.reset();
  EXPECT_FALSE(page.connected);
}

TEST(Client, ACallbackMayStartTheNextChange) {
  page = {};
  Log told;
  Client client("", {.signed_in =
                         [&](const User& user) {
                           page.fields = state("signed-out");  // as a sign-out at once would
                           page.changed(page.client);
                           told.push_back("in " + user.login);
                         },
                     .signed_out = [&] { told.emplace_back("out"); }});
  page.fields = kAda;
  page.changed(page.client);
  EXPECT_EQ(told, Log({"out", "in ada"}));
  EXPECT_EQ(client.state(), SignInState::kSignedOut);
}

TEST(Client, NeedsNoCallbacks) {
  page = {};
  Client client("");
  for (const Fields& fields : {kAda, state("signed-out"), failed("offline")}) {
    page.fields = fields;
    page.changed(page.client);
  }
  EXPECT_EQ(client.state(), SignInState::kError);
}

}  // namespace
}  // namespace portero::browser
