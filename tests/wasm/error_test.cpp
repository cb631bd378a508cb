#include "wasm/error.h"

#include <gtest/gtest.h>

#include <set>
#include <string_view>

namespace portero {
namespace {

TEST(Error, HasANameThatLeadsBackToIt) {
  for (const Error error : all_errors()) {
    EXPECT_FALSE(name(error).empty());
    EXPECT_EQ(error_named(name(error)), error) << name(error);
  }
}

TEST(Error, HasInTheModuleTheNameItHasEverywhere) {
  std::size_t named = 0;
  for (const Error error : all_errors()) {
    if (module_name(error).empty()) continue;
    EXPECT_EQ(module_name(error), name(error));
    ++named;
  }
  EXPECT_EQ(named, 13U);
  EXPECT_TRUE(module_name(static_cast<Error>(0)).empty());
}

TEST(Error, SharesNeitherNameNorTitleWithAnother) {
  std::set<std::string_view> names;
  std::set<std::string_view> titles;
  for (const Error error : all_errors()) {
    EXPECT_TRUE(names.insert(name(error)).second) << name(error);
    EXPECT_TRUE(titles.insert(title(error)).second) << title(error);
  }
}

TEST(Error, SaysWhatHappenedAndWhatToDo) {
  for (const Error error : all_errors()) {
    EXPECT_NE(title(error), name(error));
    EXPECT_TRUE(hint(error).ends_with('.')) << name(error);
    EXPECT_NE(hint(error), name(error));
  }
}

TEST(Error, HasAStatusExactlyWhenTheProxyAnswersIt) {
  for (const Error error : all_errors()) {
    const bool of_the_page = error >= Error::kStateUnknown;
    EXPECT_EQ(http_status(error) == 0, of_the_page) << name(error);
    EXPECT_TRUE(of_the_page || (http_status(error) >= 400 && http_status(error) < 600));
  }
  EXPECT_EQ(http_status(Error::kCrossSiteOff), 403);
  EXPECT_EQ(http_status(Error::kProxyMisconfigured), 502);
}

TEST(Error, TreatsUnknownNamesAndNumbersAsInternal) {
  EXPECT_EQ(error_named("no such"), Error::kInternal);
  EXPECT_EQ(error_named(""), Error::kInternal);
  EXPECT_EQ(name(static_cast<Error>(0)), "internal");
  EXPECT_EQ(name(static_cast<Error>(255)), "internal");
}

}  // namespace
}  // namespace portero
