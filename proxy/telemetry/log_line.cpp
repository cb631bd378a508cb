#include "proxy/telemetry/log_line.h"

namespace portero {
namespace {

constexpr std::size_t kValueMax = 256;
constexpr std::size_t kEscapedMax = 512;

/// Appends printable ASCII as it is and every other byte so that no reader of the log, neither a
/// terminal nor a JSON parser, takes it for anything but text: "\u000a".
void append_escaped(std::string& line, std::string_view value) {
  constexpr std::string_view kHex = "0123456789abcdef";
  constexpr std::size_t kEscapeSize = 6;
  const std::size_t end = line.size() + kEscapedMax - kEscapeSize;
  for (const char c : value.substr(0, kValueMax)) {
    if (line.size() > end) return;
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      line += '\\';
      line += c;
    } else if (byte >= 0x20 && byte < 0x7f) {
      line += c;
    } else {
      line += "\\u00";
      line += kHex[byte >> 4U];
      line += kHex[byte & 15U];
    }
  }
}

void append_quoted(std::string& line, std::string_view value) {
  line += '"';
  append_escaped(line, value);
  line += '"';
}

bool needs_quotes(std::string_view value) {
  if (value.empty()) return true;
  for (const char c : value) {
    if (c <= ' ' || c >= '\x7f' || c == '"' || c == '\\' || c == '=') return true;
  }
  return false;
}

std::string make_json(std::string_view event, std::initializer_list<Field> fields) {
  std::string line = R"("event":)";
  append_quoted(line, event);
  for (const Field& field : fields) {
    line += ',';
    append_quoted(line, field.key);
    line += ':';
    append_quoted(line, field.value);
  }
  return line;
}

std::string make_human(std::string_view event, std::initializer_list<Field> fields) {
  std::string line(event);
  for (const Field& field : fields) {
    line += ' ';
    append_escaped(line, field.key);
    line += '=';
    if (needs_quotes(field.value)) {
      append_quoted(line, field.value);
    } else {
      append_escaped(line, field.value);
    }
  }
  return line;
}

}  // namespace

std::string make_log_line(bool json, std::string_view event, std::initializer_list<Field> fields) {
  return json ? make_json(event, fields) : make_human(event, fields);
}

}  // namespace portero
