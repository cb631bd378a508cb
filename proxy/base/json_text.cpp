#include "proxy/base/json_text.h"

#include <algorithm>

#include "proxy/base/json.h"

namespace portero {
namespace {

constexpr std::size_t kUsualSize = 512;  // bytes; most objects are shorter

/// ASCII that stands for itself between quotes.
bool is_plain(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return c >= ' ' && c != '"' && c != '\\'; });
}

void append_quoted(std::string& to, std::string_view text) {
  if (!is_plain(text)) {
    to += write_json(Json(text));
    return;
  }
  to += '"';
  to += text;
  to += '"';
}

}  // namespace

void JsonText::add_name(std::string_view name) {
  if (text_.empty()) text_.reserve(kUsualSize);
  text_ += text_.empty() ? '{' : ',';
  append_quoted(text_, name);
  text_ += ':';
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
  add_name(name);
  text_ += value.text();
}

std::string JsonText::text() const { return text_.empty() ? "{}" : text_ + '}'; }

}  // namespace portero
