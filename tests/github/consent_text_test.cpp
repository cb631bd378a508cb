#include "tests/github/consent_text.h"

#include <gtest/gtest.h>

#include "tests/github/test_github.h"

namespace portero::stand_in {
namespace {

bool says(const Reply& reply, std::string_view text) {
  return reply.body.find(text) != std::string::npos;
}

Reply visit(GitHub& github, std::string path, const Fields& query, std::string_view languages,
            std::string method = "GET") {
  return github.answer({.method = std::move(method),
                        .path = std::move(path),
                        .query = write_form(query),
                        .headers = {{"accept-language", std::string(languages)}}});
}

TEST(Words, AreTheLanguageTheBrowserWeighsMost) {
  struct Case {
    const char* accept_language;
    const char* lang;
  };
  for (const Case& one : {Case{"", "en"},
                          Case{"*", "en"},
                          Case{"en-GB,en;q=0.9", "en"},
                          Case{"es", "es"},
                          Case{"ES-mx", "es"},
                          Case{"es-419,es;q=0.9,en;q=0.8", "es"},
                          Case{"en;q=0.8, es-ES;q=0.9", "es"},
                          Case{"en;q=0.8 , es ; q=0.7", "en"},
                          Case{"es,en", "es"},  // equal weights: the first
                          Case{"ca,gl;q=0.9,es;q=0.8", "es"},
                          Case{"de-DE,fr;q=0.5", "en"},
                          Case{"es;q=0", "en"},
                          Case{"es;q=0.0,fr", "en"},
                          Case{"es;q=2", "en"},
                          Case{"es;q=", "en"},
                          Case{"es;q=nan", "en"},
                          Case{"es;q=0.9x", "en"},
                          Case{"es;level=1", "en"},
                          Case{"est", "en"},
                          Case{"e", "en"},
                          Case{",,;,q=1", "en"},
                          Case{" \t,es", "es"}}) {
    EXPECT_EQ(words_for(one.accept_language).lang.view(), one.lang) << one.accept_language;
  }
}

TEST(Words, TakeValuesIntoTheirHolesInTurnAndNoMore) {
  EXPECT_EQ(fill("{} and {}.", {"one", "{}"}), "one and {}.");
  EXPECT_EQ(fill("none", {"lost"}), "none");
  EXPECT_EQ(fill("{} and {}", {"one"}), "one and {}");
}

TEST(ConsentPage, SpeaksSpanishToWhoAsksForIt) {
  const auto github = make_github();
  const Reply page = visit(*github, "/login/oauth/authorize",
                           {{"client_id", std::string(kPairId)}, {"scope", "user:email"}},
                           "es-ES,es;q=0.9,en;q=0.8");
  EXPECT_EQ(page.status, 200);
  for (const char* text :
       {"<html lang=\"es\">", "<title>Autorizar A page of yours · doble de GitHub</title>",
        "Esto no es GitHub.",
        "<button id=\"authorize\" class=\"go\" name=\"decision\" value=\"authorize\">Autorizar A "
        "page of yours</button>",
        "<button id=\"cancel\" name=\"decision\" value=\"cancel\">Cancelar</button>",
        "tu perfil público y user:email.", "¿Quién eres hoy?", "Volverás a " /* the address */}) {
    EXPECT_TRUE(says(page, text)) << text;
  }
  EXPECT_FALSE(says(page, "Authorize"));
  EXPECT_FALSE(says(page, "{}"));
  EXPECT_EQ(header_in(page, "Content-Language"), "es");
  EXPECT_EQ(header_in(page, "Vary"), "Accept-Language");
  EXPECT_EQ(press(*github, page, "authorize").status, 302);
}

TEST(ConsentPage, SpeaksEnglishToEverybodyElse) {
  const auto github = make_github();
  const Fields query{{"client_id", std::string(kPairId)}};
  for (const char* languages : {"", "*", "de"}) {
    const Reply page = visit(*github, "/login/oauth/authorize", query, languages);
    EXPECT_TRUE(says(page, "<html lang=\"en\">")) << languages;
    EXPECT_TRUE(says(page, ">Authorize A page of yours</button>")) << languages;
    EXPECT_FALSE(says(page, "{}")) << languages;
    EXPECT_EQ(header_in(page, "Content-Language"), "en") << languages;
  }
}

TEST(Notices, SpeakTheSameLanguage) {
  struct Case {
    const char* method;
    const char* path;
    int status;
    const char* text;
  };
  const auto github = make_github();
  for (const Case& one :
       {Case{"GET", "/nothing/here", 404, "Aquí no hay nada."},
        Case{"GET", "/avatars/0.svg", 404, "Aquí no hay nada."},
        Case{"GET", "/login/oauth/authorize", 404, "Ninguna aplicación está registrada"},
        Case{"POST", "/login/oauth/authorize", 422, "ha caducado"},
        Case{"GET", "/ada-page", 200, "el perfil de ada-page."},
        Case{"GET", "/settings/connections/applications/stand-in-client", 200, "retirarle"},
        Case{"GET", "/settings/connections/applications/other", 404, "Aquí no hay nada."},
        Case{"GET", "/img-onerror", 200, "<h1>Zoë &lt;img src=x onerror=alert(1)&gt;"}}) {
    const Reply page = visit(*github, one.path, {}, "es", one.method);
    EXPECT_EQ(page.status, one.status) << one.path;
    EXPECT_TRUE(says(page, "<html lang=\"es\">")) << one.path;
    EXPECT_TRUE(says(page, one.text)) << one.text;
    EXPECT_FALSE(says(page, "<img src=x")) << one.path;
  }
}

}  // namespace
}  // namespace portero::stand_in
