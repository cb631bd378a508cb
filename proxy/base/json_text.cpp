#include "proxy/base/json_text.h"

#include <utility>

#include "proxy/base/json.h"

namespace portero {
namespace {

constexpr std::size_t kUsualSize = 512;  // bytes; most objects are shorter

void append_quoted(std::string& to, std::string_view text) {
  if (!stands_for_itself(text) || text.find('"') != std::string_view::npos) {
    to += write_json(Json(text));
    return;
  }
  to += '"';
  to += text;
  to += '"';
}

}  // namespace

/// Without a branch for each character, so that a compiler takes sixteen at once.
bool stands_for_itself(std::string_view text) {
  unsigned char others = 0;
  for (const char c : text) {
    const unsigned is_other = static_cast<unsigned>(c < ' ') | static_cast<unsigned>(c > '~') |
                              static_cast<unsigned>(c == '\\');
    others |= static_cast<unsigned char>(is_other);
  }
  return others == 0;
}

void JsonText::add_name(std::string_view name) {
  if (text_.empty()) text_.reserve(kUsualSize);
  text_ += text_.empty() ? '{' : ',';
  text_ += '"';
  text_ += name;
  text_.append("\":", 2);
}

void JsonText::add_text(std::string_view name, std::string_view value) {
  add_name(name);
  append_quoted(text_, value);
}

void JsonText::add_text_or_null(std::string_view name, const std::optional<std::string>& value) {
  return value ? add_text(name, *value) : add_null(name);
}

void JsonText::add_number(std::string_view name, std::int64_t value) {
  add_name(name);
  text_ += std::to_string(value);
}

void JsonText::add_true(std::string_view name) {
  add_name(name);
  text_ += "true";
}

void JsonText::add_null(std::string_view name) {
  add_name(name);
  text_ += "null";
}

void JsonText::add_object(std::string_view name, const JsonText& value) {
  add_written(name, value.text());
}

void JsonText::add_texts(std::string_view name, const std::vector<std::string>& values) {
  add_name(name);
  char before = '[';
  for (const std::string& value : values) {
    text_ += before;
    append_quoted(text_, value);
    before = ',';
  }
  text_ += values.empty() ? "[]" : "]";
}

void JsonText::add_written(std::string_view name, std::string_view json) {
  add_name(name);
  text_ += json;
}

std::string JsonText::text() const& { return JsonText(*this).text(); }

std::string JsonText::text() && {
  if (text_.empty()) text_ += '{';
  text_ += '}';
  return std::move(text_);
}

}  // namespace portero
