#include "proxy/site/file_types.h"

#include <gtest/gtest.h>

#include <fstream>
#include <string>

#include "proxy/base/text.h"

namespace portero {
namespace {

TEST(ContentType, GoesByTheLastExtensionInAnyCase) {
  EXPECT_EQ(content_type_of("a.HTML"), "text/html; charset=utf-8");
  EXPECT_EQ(content_type_of("jquery.min.js"), "text/javascript; charset=utf-8");
  EXPECT_EQ(content_type_of("a.js.map"), "application/json");
  EXPECT_EQ(content_type_of("a.unheard-of"), kUnknownType);
  for (const char* name : {"", "a", ".", ".env", "a.", "a. b", "a.b c", "a.j\xc3\xa4", "a.html~"}) {
    EXPECT_EQ(content_type_of(name), "") << name;
  }
}

TEST(PrivateNames, AreSoInAnyCaseAndBehindArchives) {
  for (const char* name :
       {"a.key", "A.KEY", "a.b.Pem", "dump.sql.gz", "dump.sql.tar.gz", "error.log.1",
        "error.log.2026.gz", "x.db-wal", "x.SQLITE-journal", "a~", "a.js~", "a.env.zip"}) {
    EXPECT_TRUE(is_private_name(name)) << name;
  }
  for (const char* name :
       {"", "key", "a.js", "key.js", "log.txt", "db.json", "a.keys", "monkey.png", "sql.gz",
        "v1.2.3", "a.tar.gz", "archive.1", "env.d.ts", "a.log.js", "keynote.pdf"}) {
    EXPECT_FALSE(is_private_name(name)) << name;
  }
}

TEST(PrivateNames, AreThoseOfTheDocs) {
  std::ifstream file(PORTERO_SOURCE_DIR "/docs/settings.md");
  std::string row;
  while (std::getline(file, row) && !row.starts_with("| keys (")) continue;
  std::string_view rest = std::string_view(row).substr(0, row.find("`~`"));
  int extensions = 0;
  while (!rest.empty()) {
    take_part(rest, '`');
    const std::string_view extension = take_part(rest, '`');
    if (extension.empty()) break;
    EXPECT_TRUE(is_private_name("a." + std::string(extension))) << extension;
    ++extensions;
  }
  EXPECT_EQ(extensions, 40);
}

}  // namespace
}  // namespace portero
