// The start tags of an HTML document, as a browser's tokenizer reads them (HTML Living Standard,
// 13.2), scripting on. No tree: it follows just what decides where a tag counts. What stands in a
// comment, in a script, a style, a title or other raw text, or in a <template>, is no tag. Pure and
// linear: any text is a document. Not followed: encodings other than UTF-8, and inside <svg> and
// <math> what differs there, but for elements that close themselves.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace portero {

struct Attribute {
  std::string name;   // lower case
  std::string value;  // its character references decoded
};

struct Tag {
  std::string name;  // lower case
  std::vector<Attribute> attributes;
  bool is_in_head = false;
  bool is_unclosed = false;    // of a <script>: what follows it became its text
  std::string_view text = {};  // of a <script>: what stands in it, of the document's text
  bool has_end = false;        // of a <script>: its end tag is there

  /// The attribute's value, the first of that name; nullptr when absent.
  [[nodiscard]] const std::string* find(std::string_view attribute) const;
};

struct HtmlForm {
  bool is_xml = false;        // XHTML: each element may close itself
  bool in_templates = false;  // what stands in a <template> counts, too: a script may bring it in
};

/// In the order of the document. A tag that the text ends in is none.
[[nodiscard]] std::vector<Tag> read_tags(std::string_view html, HtmlForm form = {});

/// The text without HTML's blanks at its ends.
[[nodiscard]] std::string_view trim_html(std::string_view text);

}  // namespace portero
