#include "proxy/site/html.h"

#include <algorithm>
#include <array>

#include "proxy/base/text.h"
#include "proxy/site/references.h"

namespace portero {
namespace {

constexpr std::string_view kBlank = " \t\n\f\r";
constexpr std::string_view kNameEnd = " \t\n\f\r/>";

/// What may stand in a head without ending it.
constexpr auto kHeadNames = std::to_array<std::string_view>(
    {"base", "basefont", "bgsound", "head", "html", "link", "meta", "noframes", "noscript",
     "script", "style", "template", "title"});
/// Elements whose content is text up to their end tag.
constexpr auto kTextNames = std::to_array<std::string_view>(
    {"iframe", "noembed", "noframes", "noscript", "script", "style", "textarea", "title", "xmp"});

template <std::size_t N>
bool contains(const std::array<std::string_view, N>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

bool is_letter(char c) { return is_lower(c) || is_upper(c); }

class Scanner {
 public:
  Scanner(std::string_view html, HtmlForm form) : html_(html), form_(form) {
    if (html_.starts_with("\xEF\xBB\xBF")) at_ = 3;
  }

  std::vector<Tag> scan() {
    while (at_ < html_.size()) {
      if (html_[at_] == '<' && take_markup()) continue;
      take_text();
    }
    return std::move(tags_);
  }

 private:
  [[nodiscard]] char next(std::size_t ahead) const {
    return at_ + ahead < html_.size() ? html_[at_ + ahead] : '\0';
  }

  void end_head() { head_ended_ = head_ended_ || templates_ == 0; }

  /// Up to the next '<' behind this character.
  void take_text() {
    const std::size_t end = std::min(html_.find('<', at_ + 1), html_.size());
    const std::string_view text = html_.substr(at_, end - at_);
    if (text.find_first_not_of(kBlank) != std::string_view::npos) end_head();
    at_ = end;
  }

  /// `at_` is at a '<'. False: it is text.
  bool take_markup() {
    if (next(1) == '!' || next(1) == '?') {
      at_ = html_.substr(at_).starts_with("<!--") ? end_of_comment() : behind('>');
    } else if (next(1) == '/' && is_letter(next(2))) {
      at_ += 2;
      take_end_tag();
    } else if (next(1) == '/' && at_ + 2 < html_.size()) {
      at_ = behind('>');
    } else if (is_letter(next(1))) {
      ++at_;
      take_start_tag();
    } else {
      return false;
    }
    return true;
  }

  [[nodiscard]] std::size_t behind(char c) const {
    const std::size_t found = html_.find(c, at_);
    return found == std::string_view::npos ? html_.size() : found + 1;
  }

  /// "-->" and "--!>" end one; so do "<!-->" and "<!--->".
  [[nodiscard]] std::size_t end_of_comment() const {
    for (std::size_t i = html_.find("--", at_ + 2); i != std::string_view::npos;
         i = html_.find("--", i + 1)) {
      const std::string_view rest = html_.substr(i + 2);
      if (rest.starts_with('>')) return i + 3;
      if (rest.starts_with("!>") && i >= at_ + 4) return i + 4;
    }
    return html_.size();
  }

  std::string take_name() {
    const std::size_t end = std::min(html_.find_first_of(kNameEnd, at_), html_.size());
    std::string name = lower(html_.substr(at_, end - at_));
    at_ = end;
    return name;
  }

  std::string_view take_value() {
    const char quote = next(0);
    if (quote == '"' || quote == '\'') {
      const std::size_t begin = at_ + 1;
      const std::size_t end = std::min(html_.find(quote, begin), html_.size());
      at_ = std::min(end + 1, html_.size());
      return html_.substr(begin, end - begin);
    }
    const std::size_t begin = at_;
    at_ = std::min(html_.find_first_of(" \t\n\f\r>", at_), html_.size());
    return html_.substr(begin, at_ - begin);
  }

  void skip_blanks() { at_ = std::min(html_.find_first_not_of(kBlank, at_), html_.size()); }

  Attribute take_attribute() {
    // A '=' that comes first belongs to the name.
    const std::size_t end = std::min(html_.find_first_of("= \t\n\f\r/>", at_ + 1), html_.size());
    Attribute attribute{.name = lower(html_.substr(at_, end - at_)), .value = ""};
    at_ = end;
    skip_blanks();
    if (next(0) != '=') return attribute;
    ++at_;
    skip_blanks();
    attribute.value = decode_references(take_value());
    return attribute;
  }

  /// Behind the tag's name. False: the text ends in the tag.
  bool take_attributes(Tag& tag) {
    closes_itself_ = false;
    while (at_ < html_.size()) {
      const char c = html_[at_];
      if (c == '>') {
        ++at_;
        return true;
      }
      if (c == '/' || kBlank.find(c) != std::string_view::npos) {
        closes_itself_ = c == '/';
        ++at_;
        continue;
      }
      closes_itself_ = false;
      tag.attributes.push_back(take_attribute());
    }
    return false;
  }

  void take_end_tag() {
    Tag tag{.name = take_name(), .attributes = {}};
    if (!take_attributes(tag)) return;
    if (tag.name == "template" && templates_ > 0) --templates_;
    if (templates_ > 0) return;
    if (tag.name == "head") head_closed_ = true;
    if (tag.name == "body" || tag.name == "html" || tag.name == "br") end_head();
    if ((tag.name == "svg" || tag.name == "math") && foreign_ > 0) --foreign_;
  }

  void take_start_tag() {
    Tag tag{.name = take_name(), .attributes = {}};
    if (!take_attributes(tag)) return;
    const std::string name = tag.name;
    const bool is_alone = closes_itself_ && (foreign_ > 0 || form_.is_xml);
    if (!contains(kHeadNames, name) || (name == "noscript" && head_closed_)) end_head();
    tag.is_in_head = !head_ended_;
    const bool counts = templates_ == 0 || form_.in_templates;
    if (counts) tags_.push_back(std::move(tag));
    if ((name == "svg" || name == "math") && !closes_itself_) ++foreign_;
    if (name == "template" && !is_alone) ++templates_;
    if (name == "plaintext") at_ = html_.size();
    if (!is_alone && contains(kTextNames, name)) {
      const std::size_t end = name == "script" ? end_of_script() : end_of_text(name, at_);
      if (name == "script" && counts) end_script(tags_.back(), end);
      at_ = end;
    }
  }

  void end_script(Tag& script, std::size_t end) const {
    script.is_unclosed = runs_on(end);
    script.text = html_.substr(at_, end - at_);
    script.has_end = end < html_.size();
  }

  /// Whether the script whose text ends there was meant to end before. "/>" ends none, and one
  /// that never ends does not run.
  [[nodiscard]] bool runs_on(std::size_t end) const {
    const std::string_view text = html_.substr(at_, end - at_);
    const bool is_empty = text.find_first_not_of(kBlank) == std::string_view::npos;
    const bool is_last = end == html_.size();
    return closes_itself_ ? is_last || !is_empty : is_last && !is_empty;
  }

  /// Whether `at` is at "<NAME" or "</NAME" and a character that ends a name.
  [[nodiscard]] bool is_tag_at(std::size_t at, std::string_view opening) const {
    const std::size_t end = at + opening.size();
    return end < html_.size() && kNameEnd.find(html_[end]) != std::string_view::npos &&
           equals_ignoring_case(html_.substr(at, opening.size()), opening);
  }

  [[nodiscard]] std::size_t end_of_text(const std::string& name, std::size_t at) const {
    const std::string closing = "</" + name;
    for (at = html_.find("</", at); at != std::string_view::npos; at = html_.find("</", at + 2)) {
      if (is_tag_at(at, closing)) return at;
    }
    return html_.size();
  }

  /// "<!--" in a script hides one "<script>…</script>" inside, until "-->" (13.2.5.20 to .31).
  [[nodiscard]] std::size_t end_of_script() const {
    bool is_escaped = false;
    bool is_twice = false;
    for (std::size_t i = html_.find_first_of("<-", at_); i != std::string_view::npos;
         i = html_.find_first_of("<-", i + 1)) {
      const std::string_view rest = html_.substr(i);
      if (!is_escaped && rest.starts_with("<!--")) {
        is_escaped = true;
        ++i;  // its own dashes may belong to "-->"
      } else if (is_escaped && rest.starts_with("-->")) {
        is_escaped = is_twice = false;
      } else if (is_tag_at(i, "</script")) {
        if (!is_twice) return i;
        is_twice = false;
      } else if (is_escaped && !is_twice && is_tag_at(i, "<script")) {
        is_twice = true;
      }
    }
    return html_.size();
  }

  std::string_view html_;
  HtmlForm form_;
  std::size_t at_ = 0;
  std::vector<Tag> tags_;
  bool closes_itself_ = false;  // the tag just read ended in "/>"
  bool head_closed_ = false;    // </head> came: what belongs into a head still goes there
  bool head_ended_ = false;     // nothing does any more
  std::size_t templates_ = 0;   // open ones
  std::size_t foreign_ = 0;     // open <svg> and <math>
};

}  // namespace

const std::string* Tag::find(std::string_view attribute) const {
  for (const Attribute& one : attributes) {
    if (one.name == attribute) return &one.value;
  }
  return nullptr;
}

std::vector<Tag> read_tags(std::string_view html, HtmlForm form) {
  return Scanner(html, form).scan();
}

std::string_view trim_html(std::string_view text) {
  text.remove_prefix(std::min(text.find_first_not_of(kBlank), text.size()));
  return text.substr(0, text.find_last_not_of(kBlank) + 1);
}

}  // namespace portero
