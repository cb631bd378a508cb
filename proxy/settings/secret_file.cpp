#include "proxy/settings/secret_file.h"

#include <algorithm>
#include <array>
#include <functional>

#include "proxy/base/private_file.h"
#include "proxy/base/text.h"

namespace portero {
namespace {

constexpr std::size_t kSecretMax = 4096;
constexpr std::string_view kAlone = "write the secret's value there and nothing else";

bool is_blank(char c) { return c == ' ' || c == '\t'; }

/// `client_secret=…`, `client_secret: …`, `export NAME=…`; base64's own padding is no value.
bool is_assignment(std::string_view text) {
  constexpr std::string_view kExport = "export ";
  if (text.starts_with(kExport)) text = strip(text.substr(kExport.size()));
  const std::size_t sign = text.find_first_of("=:");
  if (sign == std::string_view::npos) return false;
  const std::string_view name = strip(text.substr(0, sign));
  const std::string_view value = strip(text.substr(sign + 1));
  const bool is_name = !name.empty() && !is_digit(name.front()) && is_alphanumeric_or("_-.", name);
  return is_name && value.find_first_not_of('=') != std::string_view::npos;
}

/// A client id of the forms that have a beginning of their own.
bool is_client_id_form(std::string_view text) {
  constexpr std::array<std::string_view, 3> kBegin = {"Iv1.", "Iv23", "Ov23"};
  return std::any_of(kBegin.begin(), kBegin.end(),
                     [text](std::string_view begin) { return text.starts_with(begin); });
}

bool is_token_form(std::string_view text) {
  constexpr std::array<std::string_view, 6> kBegin = {"ghp_", "gho_", "ghu_",
                                                      "ghs_", "ghr_", "github_pat_"};
  return std::any_of(kBegin.begin(), kBegin.end(),
                     [text](std::string_view begin) { return text.starts_with(begin); });
}

bool is_within(std::string_view text, char begin, char end) {
  return text.size() > 1 && text.front() == begin && text.back() == end;
}

struct Verdict {
  std::string_view wrong;  // empty: nothing
  std::string_view fix;
};

Verdict judge_form(std::string_view text, std::string_view client_id) {
  const auto is_beyond = [](char c) { return static_cast<unsigned char>(c) >= 0x7f; };
  if (text.find_first_not_of(" \t\r\n") == std::string_view::npos) return {"is empty", kAlone};
  if (text.starts_with("-----BEGIN")) {
    return {"holds a key, not a client secret",
            "make a client secret on the app's page at GitHub and write it there"};
  }
  if (text.front() == '{' || text.front() == '[') return {"holds JSON", kAlone};
  if (std::any_of(text.begin(), text.end(), is_beyond)) {
    return {"holds a character beyond ASCII", "write plain text without a byte order mark"};
  }
  if (is_within(text, '"', '"') || is_within(text, '\'', '\'')) {
    return {"has quotation marks around the secret", "remove them"};
  }
  if (is_within(text, '<', '>')) return {"holds a placeholder", kAlone};
  if (text.find('\n') != std::string_view::npos) return {"holds more than one line", kAlone};
  if (is_assignment(text)) return {"holds a line NAME=VALUE", "write the value there alone"};
  if (std::any_of(text.begin(), text.end(), is_blank)) return {"holds a blank", "remove it"};
  if (!client_id.empty() && text == client_id) {
    return {"holds the client id", "write the client secret there"};
  }
  if (is_client_id_form(text)) return {"holds a client id", "write the client secret there"};
  if (is_token_form(text)) {
    return {"holds a token",
            "write the app's client secret there; revoke the token if others could read it"};
  }
  if (std::any_of(text.begin(), text.end(), [](char c) { return c < ' '; })) {
    return {"holds a control character", "remove it"};
  }
  return {};
}

/// A file's text without its line end; empty: a finding says why.
Secret read_file(const std::string& key, const std::string& path,
                 const std::string& credentials_directory,
                 const std::function<Verdict(std::string_view)>& judge, Findings& findings) {
  Result<PrivateFile, Problem> file = read_private_file(path, kSecretMax, credentials_directory);
  if (!file) {
    findings.mistakes.push_back({key, path + " " + file.error().wrong, file.error().fix});
    return {};
  }
  std::string& text = file->text;
  cut_line_end(text);
  const Verdict verdict = judge(text);
  if (!verdict.wrong.empty()) {
    findings.mistake(key, path + " " + std::string(verdict.wrong), verdict.fix);
  }
  if (file->access != Access::kPrivate) {
    const bool is_open = file->access == Access::kOpen;
    std::vector<Problem>& problems = is_open ? findings.mistakes : findings.warnings;
    problems.push_back(make_open_file_problem(key, path));
  }
  Secret secret(text);
  wipe(text);
  return secret;
}

/// RFC 7617 §2: the user's name has no colon, and neither part a control character.
Verdict judge_credentials(std::string_view text) {
  constexpr std::string_view kFix = "write user:password, as they are, in one line";
  const bool is_plain = std::none_of(text.begin(), text.end(), [](char c) {
    return static_cast<unsigned char>(c) < ' ' || c == '\x7f';
  });
  const std::size_t colon = text.find(':');
  if (text.find("://") != std::string_view::npos) return {"holds an address", kFix};
  if (!is_plain) return {"holds more than one line, or a control character", kFix};
  if (colon == std::string_view::npos || colon == 0) return {"holds no user:password", kFix};
  if (is_within(text, '"', '"') || is_within(text, '\'', '\'')) {
    return {"has quotation marks around it", "remove them"};
  }
  return {};
}

}  // namespace

std::optional<Problem> judge_secret(std::string_view key, std::string_view text,
                                    std::string_view client_id) {
  const Verdict verdict = judge_form(text, client_id);
  if (verdict.wrong.empty()) return std::nullopt;
  return Problem{std::string(key), std::string(verdict.wrong), std::string(verdict.fix)};
}

bool looks_like_secret(std::string_view text) {
  constexpr std::size_t kDigits = 40;
  return text.size() == kDigits && std::all_of(text.begin(), text.end(), [](char c) {
           return is_digit(c) || (c >= 'a' && c <= 'f');
         });
}

Secret read_secret_file(const std::string& key, const std::string& path,
                        const std::string& credentials_directory, std::string_view client_id,
                        Findings& findings) {
  const auto judge = [client_id](std::string_view text) { return judge_form(text, client_id); };
  return read_file(key, path, credentials_directory, judge, findings);
}

Secret read_credentials_file(const std::string& key, const std::string& path,
                             const std::string& credentials_directory, Findings& findings) {
  return read_file(key, path, credentials_directory, judge_credentials, findings);
}

void cut_line_end(std::string& text) {
  if (text.ends_with('\n')) text.pop_back();
  if (text.ends_with('\r')) text.pop_back();
}

}  // namespace portero
