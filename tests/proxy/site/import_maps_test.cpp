#include "proxy/site/import_maps.h"

#include <gtest/gtest.h>

namespace portero {
namespace {

using Maps = std::vector<std::string>;

TEST(ImportMaps, AreFoundHoweverTheTagIsWritten) {
  for (const char* tag :
       {"<script type=\"importmap\">", "<script type='importmap'>", "<script type=importmap>",
        "<SCRIPT TYPE=\"ImportMap\">", "<script nonce=x type=importmap async>",
        "<script\n type = \" importmap\t\"\n>", "<script data-type=module type=importmap>",
        "<script a='>' type=importmap>", "<script/type=importmap >",
        "<script type=importmap type=module>", "<script async type=importmap>"}) {
    EXPECT_EQ(find_import_maps(std::string("<!doctype html><head>") + tag + "{\"a\":1}</script>x"),
              Maps{"{\"a\":1}"})
        << tag;
  }
}

TEST(ImportMaps, AreHashedAsTheParserReadsThem) {
  EXPECT_EQ(find_import_maps("<script type=importmap>\r\n{\r}\n\r</script>"), Maps{"\n{\n}\n\n"});
  EXPECT_EQ(find_import_maps("<script type=importmap>{}</scripty></ script></SCRIPT >"),
            Maps{"{}</scripty></ script>"});
  EXPECT_EQ(
      find_import_maps("<script type=importmap>1</script><p><script type=importmap>2</script\n>"),
      (Maps{"1", "2"}));
  EXPECT_EQ(find_import_maps("<!--><script type=importmap>{}</script>"), Maps{"{}"});
  EXPECT_EQ(find_import_maps("a < b <3 <script type=importmap>{}</script>"), Maps{"{}"});
}

TEST(ImportMaps, AreNotFoundInWhatIsNoTag) {
  for (const char* html : {"",
                           "<",
                           "<script",
                           "<script type=importmap",
                           "<script type=\"importmap",
                           "<!-- <script type=importmap>{}</script> -->",
                           "<!-- <script type=importmap>{}</script>",
                           "<script type=module>{}</script>",
                           "<script>{}</script>",
                           "<script src=a.js></script>",
                           "<script type=importmap-shim>{}</script>",
                           "<scripts type=importmap>{}</scripts>",
                           "<title><script type=importmap>{}</script></title>",
                           "<style><script type=importmap>{}</style>",
                           "<script>'<script type=importmap>{}'</script>",
                           "<textarea><script type=importmap>{}</textarea>",
                           "<script type=module type=importmap>{}</script>",
                           "<p title='<script type=importmap>{}</script>'>",
                           "< script type=importmap>{}</script>",
                           "</script type=importmap>{}</script>",
                           "<script type=importmap/>{}</script>",
                           "<script type=importmap>{}"}) {
    EXPECT_EQ(find_import_maps(html), Maps{}) << html;
  }
}

}  // namespace
}  // namespace portero
