#include "proxy/app/look_up.h"

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "proxy/github/memberships.h"
#include "proxy/github/replies.h"
#include "proxy/github/requests.h"
#include "proxy/telemetry/log.h"

namespace portero {
namespace {

/// One look-up on its way: the first `answered` of the site's rules were answered.
struct LookUp {
  SharedCall call;
  std::vector<UpstreamRequest> requests;  // by rule
  LookedUp then;
  std::size_t answered = 0;
  Groups groups = {};
};
using SharedLookUp = std::shared_ptr<LookUp>;

void ask_next(const SharedLookUp& look_up);

std::string_view owner_of(const Rule& rule) {
  return std::string_view(rule.name).substr(0, rule.name.find('/'));
}

std::string make_fix(const GithubSettings& github, const Rule& rule, Hiding hiding) {
  const std::string owner(owner_of(rule));
  if (hiding == Hiding::kSingleSignOn) {
    return "the visitor passes the organization's single sign-on at " + github.url + "/orgs/" +
           owner + "/sso, then signs in here again";
  }
  return "an owner of the organization approves the app at " + github.url + "/organizations/" +
         owner + "/settings/oauth_application_policy";
}

void report_hidden(const PageCall& call, const Rule& rule, Hiding hiding) {
  log_limited(Level::kWarning, "organization_hidden",
              {{"request", call.request.id},
               {"origin", call.site->origin},
               {"rule", group_of(rule)},
               {"reason", std::string(name(hiding))},
               {"fix", make_fix(call.app.settings.github, rule, hiding)}});
}

void report_failure(const PageCall& call, const Rule& rule, Error error,
                    const Result<UpstreamReply>& reply) {
  const bool is_moved = reply && reply->status >= 300 && reply->status < 400;
  log_limited(Level::kWarning, "rule_failed",
              {{"request", call.request.id},
               {"origin", call.site->origin},
               {"rule", group_of(rule)},
               {"reason", std::string(name(error))},
               {"status", reply ? std::to_string(reply->status) : "-"},
               {"fix", is_moved ? "it has another name at GitHub by now: write that one"
                                : "run portero check"}});
}

/// False: it has ended the look-up.
bool read_rule(LookUp& look_up, const Result<UpstreamReply>& reply) {
  const PageCall& call = *look_up.call;
  const Rule& rule = call.site->rules.at(look_up.answered);
  const Result<Holds> holds =
      reply ? read_rule_reply(rule.kind, *reply) : Result<Holds>(reply.error());
  if (!holds) {
    report_failure(call, rule, holds.error(), reply);
    const bool waits = holds.error() == Error::kUpstreamRateLimited;
    look_up.then(LookUpFailure{.error = holds.error(),
                               .retry_after = waits ? read_retry_after(*reply, call.now) : 0});
    return false;
  }
  if (*holds == Holds::kHidden) report_hidden(call, rule, *find_hiding(*reply));
  add_answer(rule, *holds, look_up.groups);
  ++look_up.answered;
  return true;
}

void read_some(const SharedLookUp& look_up, const std::vector<Result<UpstreamReply>>& replies) {
  for (const Result<UpstreamReply>& reply : replies) {
    if (!read_rule(*look_up, reply)) return;
  }
  ask_next(look_up);
}

void ask_next(const SharedLookUp& look_up) {
  const std::size_t left = look_up->requests.size() - look_up->answered;
  if (left == 0) return look_up->then(std::move(look_up->groups));
  const auto first = look_up->requests.begin() + static_cast<std::ptrdiff_t>(look_up->answered);
  const auto count = static_cast<std::ptrdiff_t>(std::min(left, kRulesAtOnce));
  fetch_all(look_up->call->fetch, {first, first + count},
            [look_up](const std::vector<Result<UpstreamReply>>& replies) {
              read_some(look_up, replies);
            });
}

}  // namespace

void look_up(const SharedCall& call, const Secret& token, std::string_view login, LookedUp then) {
  const auto begun =
      std::make_shared<LookUp>(LookUp{.call = call, .requests = {}, .then = std::move(then)});
  for (const Rule& rule : call->site->rules) {
    begun->requests.push_back(make_rule_request(call->app.settings.github, rule, login, token));
  }
  ask_next(begun);
}

}  // namespace portero
