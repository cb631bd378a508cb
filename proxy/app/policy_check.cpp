#include "proxy/app/policy_check.h"

#include <string>
#include <utility>

#include "proxy/app/identity.h"
#include "proxy/app/session.h"
#include "proxy/base/http.h"
#include "proxy/policy/policy.h"
#include "proxy/session/cookies.h"
#include "proxy/telemetry/log.h"
#include "wasm/protocol.h"

namespace portero {
namespace {

std::string_view policy_in(std::string_view target) {
  return path_of(target).substr(kCheckPath.find('{'));
}

/// What the session's cookie holds; a session that is bound to a key never opens here.
FoundSession find_visitor(const PageCall& call, const Site& site) {
  const FoundCookie cookie = find_cookie(call.request.cookies, site.cookie_name);
  if (!cookie.value) return {};
  return open_found(*cookie.value, call.app,
                    {.iss = call.app.settings.github.issuer, .aud = site.origin}, call.now);
}

/// For who can do something about it: an owner of the organization, or the visitor.
void log_hidden(const Policy& policy, const Session& session) {
  std::string rules;
  for (const Rule& rule : policy.rules) {
    if (!has_digest(session.groups.hidden, digest_of(rule))) continue;
    rules += (rules.empty() ? "" : " ") + group_of(rule);
  }
  log_limited(Level::kWarning, "rule_hidden",
              {{"policy", policy.name},
               {"subject", std::to_string(session.user.id)},
               {"rules", rules},
               {"fix",
                "let an owner of the organization approve the app, or the visitor authorize it for "
                "single sign-on"}});
}

Answer refuse_visitor(const PageCall& call, const Policy& policy, const Session& session,
                      std::string_view reason) {
  log_limited(Level::kInfo, "check_refused",
              {{"request", call.request.id},
               {"policy", policy.name},
               {"subject", std::to_string(session.user.id)},
               {"reason", std::string(reason)}});
  Answer answer = refuse(Error::kNotAllowed);
  answer.json.add_text("reason", reason);
  return answer;
}

Answer let_in(const PageCall& call, const Policy& policy, const Session& session) {
  IdentityLines identity = write_identity(session);
  const std::size_t all = session.groups.held.size();
  if (identity.groups < all && call.app.metrics.groups_cut()) {
    log_event(Level::kWarning, "groups_cut",
              {{"policy", policy.name},
               {"subject", std::to_string(session.user.id)},
               {"groups", std::to_string(all)},
               {"told", std::to_string(identity.groups)},
               {"fix", "name fewer organizations, teams and repositories in policies"}});
  }
  Answer answer{.response = {.status = 200}};
  answer.response.lines = std::move(identity.text);
  return answer;
}

Answer judge_visitor(const PageCall& call, const Policy& policy, const Session& session,
                     CheckResult& result) {
  const Passage passage = may_pass(
      policy, {.id = session.user.id, .auth_time = session.auth_time, .groups = session.groups},
      call.now);
  switch (passage) {
    case Passage::kAllowed:
      result = CheckResult::kAllowed;
      return let_in(call, policy, session);
    case Passage::kTooOld:
      result = CheckResult::kTooOld;
      return refuse(Error::kTooOld);
    case Passage::kHidden:
      result = CheckResult::kHidden;
      log_hidden(policy, session);
      return refuse_visitor(call, policy, session, "hidden");
    case Passage::kNoRule:
      break;
  }
  result = CheckResult::kNoRule;
  return refuse_visitor(call, policy, session, "no_rule");
}

}  // namespace

Answer answer_check(const PageCall& call) {
  const std::vector<Policy>& policies = call.app.settings.policies;
  const Policy* policy = find_policy(policies, policy_in(call.request.target));
  if (policy == nullptr) return refuse(Error::kNotFound);
  const FoundSession visitor = find_visitor(call, call.app.settings.sites.at(policy->site));
  CheckResult result = CheckResult::kNoSession;
  Answer answer = visitor.found == SessionFound::kOpened
                      ? judge_visitor(call, *policy, visitor.session, result)
                      : refuse(Error::kNoSession);
  answer.outcome.session = visitor.found;
  const auto place = static_cast<std::size_t>(policy - policies.data());
  if (place < call.app.checks.size()) answer.outcome.check = {result, call.app.checks[place]};
  return answer;
}

}  // namespace portero
