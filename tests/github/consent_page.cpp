// See consent_page.h. Everything that comes from outside goes through escape_html().
#include "tests/github/consent_page.h"

namespace portero::stand_in {
namespace {

constexpr std::string_view kStyle =
    R"(:root { color-scheme: light dark; --ink: #1f2328; --soft: #59636e;
  --paper: #f6f8fa; --card: #fff; --line: #d1d9e0; --go: #1a7f37; --note: #fff8c5; --focus: #0969da; }
@media (prefers-color-scheme: dark) { :root { --ink: #f0f6fc; --soft: #9198a1; --paper: #0d1117;
  --card: #151b23; --line: #3d444d; --go: #238636; --note: #3b2e0b; --focus: #4493f8; } }
* { box-sizing: border-box; }
body { margin: 0; min-height: 100vh; display: grid; place-content: center; padding: 24px 16px;
  grid-template-columns: minmax(0, 480px); background: var(--paper); color: var(--ink);
  font: 16px/1.5 system-ui, sans-serif; }
.notice { margin: 0 0 16px; padding: 10px 14px; border: 1px solid var(--line); border-radius: 8px;
  background: var(--note); font-size: 14px; }
main { background: var(--card); border: 1px solid var(--line); border-radius: 12px; padding: 24px; }
h1 { font-size: 21px; line-height: 1.3; margin: 0 0 4px; overflow-wrap: anywhere; }
p { margin: 0 0 16px; }
small, .soft { color: var(--soft); font-size: 14px; overflow-wrap: anywhere; }
fieldset { border: 0; margin: 0 0 20px; padding: 0; min-width: 0; }
legend { padding: 0; margin-bottom: 8px; font-weight: 600; }
label { display: flex; gap: 12px; align-items: center; padding: 8px 10px; cursor: pointer;
  border: 1px solid transparent; border-radius: 8px; }
label:hover { background: var(--paper); }
label:has(:checked) { border-color: var(--line); background: var(--paper); }
label img { width: 36px; height: 36px; border-radius: 50%; flex: none; }
label span { min-width: 0; overflow-wrap: anywhere; line-height: 1.35; }
label small { display: block; }
.acts { display: flex; flex-wrap: wrap; gap: 10px; }
button { font: inherit; padding: 9px 18px; border-radius: 8px; border: 1px solid var(--line);
  background: transparent; color: inherit; cursor: pointer; overflow-wrap: anywhere; }
button.go { flex: 1 1 auto; background: var(--go); border-color: var(--go); color: #fff;
  font-weight: 600; }
:focus-visible { outline: 3px solid var(--focus); outline-offset: 2px; }
)";

/// scheme://host:port of a URL that was registered; "" when it cannot stand in a CSP.
std::string origin_of(std::string_view url) {
  const std::size_t scheme = url.find("://");
  if (scheme == std::string_view::npos) return "";
  const std::string_view origin = url.substr(0, url.find_first_of("/?#", scheme + 3));
  constexpr std::string_view kSafe =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.:/[]-";
  return origin.find_first_not_of(kSafe) == std::string_view::npos ? std::string(origin) : "";
}

/// REQUIRES: title and main are escaped.
Reply make_page(int status, const Words& words, std::string_view title, std::string_view main,
                std::string_view form_origin = "") {
  std::string html = "<!doctype html>\n<html lang=\"";
  html.append(words.lang.view()).append("\">\n<meta charset=\"utf-8\">\n<title>");
  html.append(title).append(" · ").append(words.site.view()).append("</title>\n");
  html += "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n";
  html += "<link rel=\"icon\" href=\"/avatars/583231.svg\">\n";
  html += "<link rel=\"stylesheet\" href=\"/_stand-in/style.css\">\n<body>\n";
  html.append("<header class=\"notice\"><strong>").append(words.not_github.view());
  html.append("</strong> ").append(words.explanation.view()).append("</header>\n<main>\n");
  html.append(main).append("</main>\n</body>\n</html>\n");
  Reply reply = make_reply(status, "text/html; charset=utf-8", std::move(html));
  // Browsers hold the redirect after a form to form-action too, hence the callback's origin.
  reply.headers.emplace_back(
      "Content-Security-Policy",
      "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; frame-ancestors "
      "'none'; form-action 'self' " +
          std::string(form_origin));
  reply.headers.emplace_back("X-Frame-Options", "DENY");
  reply.headers.emplace_back("X-Content-Type-Options", "nosniff");
  reply.headers.emplace_back("Referrer-Policy", std::string(kReferrerPolicy));
  reply.headers.emplace_back("Cache-Control", "no-store");
  reply.headers.emplace_back("Content-Language", std::string(words.lang.view()));
  reply.headers.emplace_back("Vary", "Accept-Language");
  return reply;
}

Reply make_notice(int status, const Words& words, std::string_view title, std::string_view text) {
  return make_page(status, words, title,
                   "<h1>" + std::string(title) + "</h1>\n<p>" + std::string(text) + "</p>\n");
}

std::string choice(const Person& one, Text about, bool checked) {
  const std::string id = std::to_string(one.id);
  std::string html = "<label><input type=\"radio\" name=\"user\" value=\"" + id +
                     "\" data-login=\"" + escape_html(one.login) + "\"" +
                     (checked ? " checked" : "") + "><img src=\"/avatars/" + id +
                     ".svg\" alt=\"\"><span><strong>" + escape_html(one.login) + "</strong> ";
  if (!one.name.empty()) html += "<bdi>" + escape_html(one.name) + "</bdi>";
  return html + "<small>" + escape_html(about.view()) + "</small></span></label>\n";
}

std::string button(std::string_view id, std::string_view style, std::string_view text) {
  std::string html = "<button id=\"";
  html.append(id).append("\"").append(style);
  return html.append(" name=\"decision\" value=\"").append(id).append("\">").append(text) +
         "</button>\n";
}

}  // namespace

Reply make_consent_page(const ConsentPage& page, const Words& words) {
  const Person* suggested = person(page.login);
  if (suggested == nullptr) suggested = &people().front();
  const std::string name = escape_html(page.app_name);
  const std::string title = fill(words.authorize, {name});
  const std::string asks =
      page.scopes.empty() ? fill(words.asks_profile, {name})
                          : fill(words.asks_profile_and_scope, {name, escape_html(page.scopes)});
  std::string html = "<h1>" + title + "</h1>\n<p class=\"soft\">" + asks + "</p>\n";
  html +=
      "<form method=\"post\" action=\"/login/oauth/authorize\">\n"
      "<input type=\"hidden\" name=\"request\" value=\"" +
      escape_html(page.request) + "\">\n<fieldset>\n<legend>";
  html.append(words.who.view()).append("</legend>\n");
  for (std::size_t i = 0; i < kPeopleCount; ++i) {
    html += choice(people()[i], words.about_one[i], &people()[i] == suggested);
  }
  html += "</fieldset>\n<div class=\"acts\">\n";
  html += button("authorize", " class=\"go\"", title) + button("cancel", "", words.cancel.view());
  html += "</div>\n</form>\n<p></p>\n<small>";
  html += fill(words.leads_to, {escape_html(page.redirect_uri)}) + "</small>\n";
  return make_page(200, words, title, html, origin_of(page.redirect_uri));
}

Reply make_notice_page(int status, const Words& words, const Notice& notice) {
  return make_notice(status, words, notice.title.view(), notice.text.view());
}

Reply make_profile_page(const Person& who, const Words& words) {
  return make_notice(200, words, escape_html(who.name.empty() ? who.login : who.name),
                     fill(words.profile, {escape_html(who.login)}));
}

Reply make_stylesheet() {
  Reply reply = make_reply(200, "text/css; charset=utf-8", std::string(kStyle));
  reply.headers.emplace_back("X-Content-Type-Options", "nosniff");
  return reply;
}

}  // namespace portero::stand_in
