// See consent_text.h. Another language is another table, and a line in kLanguages.
#include "tests/github/consent_text.h"

#include <algorithm>
#include <charconv>

namespace portero::stand_in {
namespace {

constexpr Words kEnglish{
    .lang = "en",
    .site = "GitHub stand-in",
    .not_github = "This is not GitHub.",
    .explanation =
        "It is a stand-in on your own machine, for trying things out. Nobody here is real; never "
        "type a password here.",
    .authorize = "Authorize {}",
    .cancel = "Cancel",
    .asks_profile = "{} wants to know who you are: your public profile only.",
    .asks_profile_and_scope = "{} wants to know who you are: your public profile and {}.",
    .who = "Who are you today?",
    .leads_to = "You will be taken to {}",
    .about_one = {{
        "a name, a public e-mail address",
        "no name, no e-mail address",
        "a long name, the largest id JavaScript can count to",
        "a name that tries to be markup",
        "a name from right to left, a private e-mail address",
        "has not verified the e-mail address: the sign-in fails",
    }},
    .profile = "At GitHub this would be the profile of {}.",
    .connection = {"Your apps",
                   "At GitHub this would say what this app may do, and end it with one button."},
    .unknown_path = {"Page not found", "There is nothing here."},
    .unknown_client = {"Page not found", "No app is registered with this client_id."},
    .too_late = {"Too late", "This consent page is too old. Please start again."},
    .nobody = {"Nobody", "Please pick one of the people."},
};

constexpr Words kSpanish{
    .lang = "es",
    .site = "doble de GitHub",
    .not_github = "Esto no es GitHub.",
    .explanation =
        "Es un doble que funciona en tu propio equipo, para hacer pruebas. Aquí nadie es real; no "
        "escribas nunca una contraseña.",
    .authorize = "Autorizar {}",
    .cancel = "Cancelar",
    .asks_profile = "{} quiere saber quién eres: solo tu perfil público.",
    .asks_profile_and_scope = "{} quiere saber quién eres: tu perfil público y {}.",
    .who = "¿Quién eres hoy?",
    .leads_to = "Volverás a {}",
    .about_one = {{
        "con nombre y correo electrónico público",
        "sin nombre ni correo electrónico",
        "un nombre largo y el mayor id que JavaScript sabe contar",
        "un nombre que intenta colarse como HTML",
        "un nombre que se lee de derecha a izquierda y un correo privado",
        "no ha verificado su correo: el inicio de sesión falla",
    }},
    .profile = "En GitHub, aquí estaría el perfil de {}.",
    .connection = {"Tus aplicaciones",
                   "En GitHub, aquí verías qué puede hacer esta aplicación y un botón para "
                   "retirarle el permiso."},
    .unknown_path = {"Página no encontrada", "Aquí no hay nada."},
    .unknown_client = {"Página no encontrada",
                       "Ninguna aplicación está registrada con este client_id."},
    .too_late = {"Demasiado tarde", "Esta página de permisos ha caducado. Vuelve a empezar."},
    .nobody = {"Nadie", "Elige a una de las personas."},
};

constexpr std::array<const Words*, 2> kLanguages{&kEnglish, &kSpanish};

std::string_view trim(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return "";
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

/// In thousandths; 0 for what is no weight, so that nothing malformed is preferred.
int weight_of(std::string_view parameter) {
  parameter = trim(parameter);
  if (parameter.empty()) return 1000;
  double weight = 0;
  if (!parameter.starts_with("q=") && !parameter.starts_with("Q=")) return 0;
  parameter.remove_prefix(2);
  const auto [end, error] =
      std::from_chars(parameter.data(), parameter.data() + parameter.size(), weight);
  const bool sound = error == std::errc() && end == parameter.data() + parameter.size();
  return sound && weight >= 0 && weight <= 1 ? static_cast<int>(weight * 1000) : 0;
}

bool speaks(std::string_view range, std::string_view lang) {
  const std::string_view primary = range.substr(0, range.find('-'));
  if (primary.size() != lang.size()) return false;
  for (std::size_t i = 0; i < lang.size(); ++i) {
    if ((primary[i] | 0x20) != lang[i]) return false;
  }
  return true;
}

}  // namespace

const Words& words_for(std::string_view accept_language) {
  const Words* best = &kEnglish;
  int most = 0;
  while (!accept_language.empty()) {
    const std::string_view range = accept_language.substr(0, accept_language.find(','));
    accept_language.remove_prefix(std::min(range.size() + 1, accept_language.size()));
    const std::size_t semicolon = range.find(';');
    const int weight =
        weight_of(semicolon == std::string_view::npos ? "" : range.substr(semicolon + 1));
    if (weight <= most) continue;
    for (const Words* words : kLanguages) {
      if (!speaks(trim(range.substr(0, semicolon)), words->lang.view())) continue;
      best = words;
      most = weight;
    }
  }
  return *best;
}

std::string fill(Text text, std::initializer_list<std::string_view> values) {
  std::string filled;
  std::string_view rest = text.view();
  for (const std::string_view value : values) {
    const std::size_t hole = rest.find("{}");
    if (hole == std::string_view::npos) break;
    filled.append(rest.substr(0, hole)).append(value);
    rest.remove_prefix(hole + 2);
  }
  return filled.append(rest);
}

}  // namespace portero::stand_in
