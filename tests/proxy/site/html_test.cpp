// What counts as a tag, and where, in pages as people and hosts write them. Each line was compared
// with Chromium.
#include "proxy/site/html.h"

#include <gtest/gtest.h>

#include "proxy/site/references.h"

namespace portero {
namespace {

/// "meta(a=b)+" for each tag of these names; "+" stands for the head.
std::string read(std::string_view html) {
  std::string text;
  for (const Tag& tag : read_tags(html)) {
    if (tag.name == "html" || tag.name == "head" || tag.name == "body" || tag.name == "p") continue;
    text += text.empty() ? "" : " ";
    text += tag.name + "(";
    for (const Attribute& one : tag.attributes) {
      text += (text.ends_with('(') ? "" : ",") + one.name + "=" + one.value;
    }
    text += tag.is_in_head ? ")+" : ")";
  }
  return text;
}

struct TagCase {
  std::string_view html;
  std::string_view tags;
};

TEST(Html, ReadsTagsAndAttributesAsBrowsersDo) {
  for (const TagCase& one : std::vector<TagCase>{
           {"<meta a=1 b='2 3' c=\"4>5\">", "meta(a=1,b=2 3,c=4>5)+"},
           {"<META A=b/><Meta/x/y = z>", "meta(a=b/)+ meta(x=,y=z)+"},
           {"<meta\n\ta\f=\r\n'b'>", "meta(a=b)+"},
           {"<meta a=\"b\"c='d'e>", "meta(a=b,c=d,e=)+"},
           {"<meta =a=b ==c>", "meta(=a=b,==c)+"},
           {"<meta a= >", "meta(a=)+"},
           {"<meta a=b a=c>", "meta(a=b,a=c)+"},
           {"<meta a='&#39;self&#x27; &amp; &lt;&QUOT;&apos;&colon;&unknown;'>",
            "meta(a='self' & <\"':&unknown;)+"},
           {"\xEF\xBB\xBF<!doctype html>\n<meta a>", "meta(a=)+"},
           {"<!DOCTYPE html SYSTEM \"a\"><?xml version=\"1\"?><meta a>", "meta(a=)+"},
       }) {
    EXPECT_EQ(read(one.html), one.tags) << one.html;
  }
}

TEST(Html, FindsNoTagInCommentsAndText) {
  for (const TagCase& one : std::vector<TagCase>{
           {"<!-- <meta a> --><meta b>", "meta(b=)+"},
           {"<!--><meta a><!-- -->", "meta(a=)+"},
           {"<!---><meta a><!-- -->", "meta(a=)+"},
           {"<!-- --!><meta a>", "meta(a=)+"},
           {"<!--!><meta a>--><meta b>", "meta(b=)+"},
           {"<!-- -- > <meta a> <!-- --><meta b>", "meta(b=)+"},
           {"<!-- <meta a>", ""},
           {"<![CDATA[ > <meta a> ]]>", "meta(a=)+"},  // ends at the first >, the rest is text
           {"<![CDATA[ <meta a> ]]>", ""},
           {"<title><meta a></title><meta b>", "title()+ meta(b=)+"},
           {"<title></titles><meta a></TITLE ><meta b>", "title()+ meta(b=)+"},
           {"<style><meta a></style><meta b>", "style()+ meta(b=)+"},
           {"<noscript><meta a></noscript><meta b>", "noscript()+ meta(b=)+"},
           {"<textarea><meta a></textarea><meta b>", "textarea() meta(b=)"},
           {"<iframe><meta a></iframe><meta b>", "iframe() meta(b=)"},
           {"<plaintext><meta a></plaintext>", "plaintext()"},
           {"<template><meta a><template><meta b></template><meta c></template><meta d>",
            "template()+ meta(d=)+"},
           {"<script>'<meta a>'</script><meta b>", "script()+ meta(b=)+"},
           {"<script>'</scripts><meta a>'</script x><meta b>", "script()+ meta(b=)+"},
           {"<script><!-- <script></script><meta a> --></script><meta b>", "script()+ meta(b=)+"},
           {"<script><!-- </script><meta a> --></script>", "script()+ meta(a=)+"},
           {"<script><!--> <script></script><meta a>", "script()+ meta(a=)+"},
           {"<title><meta a>", "title()+"},
           {"<meta a", ""},
           {"<meta a='b>", ""},
           {"< meta a><meta b>", "meta(b=)"},
           {"</ meta a><meta b>", "meta(b=)+"},
       }) {
    EXPECT_EQ(read(one.html), one.tags) << one.html;
  }
}

TEST(Html, KnowsWhereTheHeadEnds) {
  for (const TagCase& one : std::vector<TagCase>{
           {"<html><head><meta a></head><body><meta b></body>", "meta(a=)+ meta(b=)"},
           {"<meta a><p><meta b>", "meta(a=)+ meta(b=)"},
           {"<head><title>x</title></head>\n<meta a>", "title()+ meta(a=)+"},  // goes into the head
           {"text<meta a>", "meta(a=)"},
           {"<head>&nbsp;<meta a>", "meta(a=)"},
           {"<head><div></div><meta a></head>", "div() meta(a=)"},
           {"<head></body><meta a>", "meta(a=)"},
           {"<head></p><meta a>", "meta(a=)+"},
           {"<head><template>text<div></div></template><meta a>", "template()+ meta(a=)+"},
           {"<head></head><noscript></noscript><meta a>", "noscript() meta(a=)"},
           {"<head><link><style></style><script></script><base><noframes></noframes><meta a>",
            "link()+ style()+ script()+ base()+ noframes()+ meta(a=)+"},
       }) {
    EXPECT_EQ(read(one.html), one.tags) << one.html;
  }
}

TEST(Html, GoesOnBehindElementsThatCloseThemselvesInSvg) {
  EXPECT_EQ(read("<svg><title/><style/></svg><script a></script>"),
            "svg() title() style() script(a=)");
  EXPECT_EQ(read("<svg/><title/><script a></script></title>"), "svg() title()");
}

TEST(Html, ReadsAPageOfNothingButOneThingInNoTime) {
  constexpr std::size_t kLong = std::size_t{64} * 1024;
  for (const std::string_view piece :
       {"<!--", "<a ", "</", "<script>", "<script><!--<script>", "-", "<title", "a=", "<svg>",
        "<template>", "&#", "&", "<a a=\"", "<a a a", "<!-- -->", "--!>"}) {
    std::string html = "<a ";
    while (html.size() < kLong) html += piece;
    EXPECT_LE(read_tags(html).size(), kLong) << piece;
    html.erase(0, 3);
    EXPECT_LE(read_tags(html).size(), kLong) << piece;
  }
}

TEST(References, DecodesWhatAddressesAndPoliciesAreWrittenWith) {
  for (const TagCase& one : std::vector<TagCase>{
           {"&#47;a&#x2F;b&#X2f", "/a/b/"},
           {"&sol;&quot;&QUOT&period;&NewLine;", "/\"\".\n"},
           {"a&lt=1&ltx&amp;lt;&amp", "a&lt=1&ltx&lt;&"},
           {"&#0;&#xD800;&#x110000;&#99999999999999999999;", "\uFFFD\uFFFD\uFFFD\uFFFD"},
           {"&#233;&#8364;&#x1F600;", "é€😀"},
           {"&#;&#x;&;&", "&#;&#x;&;&"},
           {"&solx&colon", "&solx&colon"},
       }) {
    EXPECT_EQ(decode_references(one.html), one.tags) << one.html;
  }
}

}  // namespace
}  // namespace portero
