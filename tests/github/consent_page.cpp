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

Reply make_page(int status, std::string_view title, std::string_view main,
                std::string_view form_origin) {
  std::string html = "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n<title>" +
                     escape_html(title) + " · GitHub stand-in</title>\n";
  html += "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n";
  html += "<link rel=\"icon\" href=\"/avatars/583231.svg\">\n";
  html += "<link rel=\"stylesheet\" href=\"/_stand-in/style.css\">\n<body>\n";
  html +=
      "<header class=\"notice\"><strong>This is not GitHub.</strong> It is a stand-in "
      "on your own machine, for trying things out. Nobody here is real; never type a password "
      "here.</header>\n<main>\n";
  html += std::string(main) + "</main>\n</body>\n</html>\n";
  Reply reply = make_reply(status, "text/html; charset=utf-8", std::move(html));
  // Browsers hold the redirect after a form to form-action too, hence the callback's origin.
  reply.headers.emplace_back(
      "Content-Security-Policy",
      "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; frame-ancestors "
      "'none'; form-action 'self' " +
          std::string(form_origin));
  reply.headers.emplace_back("X-Frame-Options", "DENY");
  reply.headers.emplace_back("X-Content-Type-Options", "nosniff");
  reply.headers.emplace_back("Referrer-Policy", "no-referrer");
  reply.headers.emplace_back("Cache-Control", "no-store");
  return reply;
}

std::string choice(const Person& one, bool checked) {
  const std::string id = std::to_string(one.id);
  std::string html = "<label><input type=\"radio\" name=\"user\" value=\"" + id +
                     "\" data-login=\"" + escape_html(one.login) + "\"" +
                     (checked ? " checked" : "") + "><img src=\"/avatars/" + id +
                     ".svg\" alt=\"\"><span><strong>" + escape_html(one.login) + "</strong> ";
  if (!one.name.empty()) html += "<bdi>" + escape_html(one.name) + "</bdi>";
  return html + "<small>" + escape_html(one.about) + "</small></span></label>\n";
}

}  // namespace

Reply make_consent_page(const ConsentPage& page) {
  const Person* suggested = person(page.login);
  if (suggested == nullptr) suggested = &people().front();
  const std::string name = escape_html(page.app_name);
  std::string html = "<h1>Authorize " + name + "</h1>\n<p class=\"soft\">" + name +
                     " wants to know who you are: " +
                     (page.scopes.empty() ? "your public profile only"
                                          : "your public profile and " + escape_html(page.scopes)) +
                     ".</p>\n";
  html +=
      "<form method=\"post\" action=\"/login/oauth/authorize\">\n"
      "<input type=\"hidden\" name=\"request\" value=\"" +
      escape_html(page.request) + "\">\n<fieldset>\n<legend>Who are you today?</legend>\n";
  for (const Person& one : people()) html += choice(one, &one == suggested);
  html +=
      "</fieldset>\n<div class=\"acts\">\n"
      "<button class=\"go\" id=\"authorize\" name=\"decision\" value=\"authorize\">Authorize " +
      name +
      "</button>\n<button id=\"cancel\" name=\"decision\" value=\"cancel\">Cancel</button>\n"
      "</div>\n</form>\n<p></p>\n<small>You will be taken to " +
      escape_html(page.redirect_uri) + "</small>\n";
  return make_page(200, "Authorize " + page.app_name, html, origin_of(page.redirect_uri));
}

Reply make_notice_page(int status, std::string_view title, std::string_view text) {
  return make_page(status, title,
                   "<h1>" + escape_html(title) + "</h1>\n<p>" + escape_html(text) + "</p>\n", "");
}

Reply make_stylesheet() {
  Reply reply = make_reply(200, "text/css; charset=utf-8", std::string(kStyle));
  reply.headers.emplace_back("X-Content-Type-Options", "nosniff");
  return reply;
}

}  // namespace portero::stand_in
