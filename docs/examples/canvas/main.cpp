// A house at night, painted on a canvas. The door is closed to strangers; who signs in with GitHub
// finds it open. One button, for mouse, touch and keyboard.
#include <emscripten/html5.h>
#include <portero/client.h>

#include <algorithm>
#include <string>
#include <string_view>

#include "paint.h"

namespace {

using portero::browser::SignInState;

void change(SignInState state);

std::string sign;  // what is written above the door
Box button;
bool has_focus = false;
bool in_window = false;  // the sign-in that is under way

/// As long-lived as the page: main() ends before the first event comes.
portero::browser::Client& client() {
  static portero::browser::Client client(
      PROXY,
      {.signed_in =
           [](const portero::browser::User& user) {
             sign = "Welcome, " + (user.name.empty() ? user.login : user.name);
           },
       .signed_out = [] { sign = "Who is there?"; },
       .failed =
           [](const portero::browser::Failure& failure) { sign = portero::title(failure.error); },
       .changed = change});
  return client;
}

const char* button_text() {
  switch (client().state()) {
    case SignInState::kStarting:
      return "One moment…";
    case SignInState::kBusy:
      return in_window ? "Cancel" : "One moment…";
    case SignInState::kSignedOut:
      return "Sign in with GitHub";
    case SignInState::kSignedIn:
      return "Sign out";
    case SignInState::kError:
      return "Try again";
  }
  return "";
}

void draw_stars(const Size& page) {
  unsigned seed = 11;  // the same sky every night
  const auto next = [&seed](double limit) {
    seed = seed * 1664525U + 1013904223U;
    return limit * (seed >> 8U) / (1U << 24U);
  };
  for (int i = 0; i < 90; ++i) {
    const double x = next(page.width);
    const double y = next(page.height * 0.7);
    const double size = 1 + next(1.5);
    fill_box({x, y, size, size}, size, "#9fb2d8");
  }
}

void draw_house(double middle, double ground, double scale, bool is_open) {
  const auto box = [&](double x, double y, double width, double height) {
    return Box{middle + x * scale, ground + y * scale, width * scale, height * scale};
  };
  const char* const light = is_open ? "#ffd479" : "#3a4a72";
  fill_box(box(-150, -250, 300, 250), 6 * scale, "#22304f");
  fill_box(box(-166, -268, 332, 24), 6 * scale, "#31426b");
  fill_box(box(-118, -200, 60, 70), 4 * scale, light);
  fill_box(box(58, -200, 60, 70), 4 * scale, light);
  fill_box(box(-44, -158, 88, 158), 4 * scale, light);
  if (is_open) {
    fill_box(box(40, -158, 14, 158), 3 * scale, "#8a4f2a");  // the door, seen from its edge
    fill_box(box(-44, 0, 88, 14), 7 * scale, "#a8894e");     // its light on the step
  } else {
    fill_box(box(-38, -152, 76, 152), 3 * scale, "#8a4f2a");
    fill_box(box(20, -82, 10, 10), 5 * scale, "#ffd479");
  }
}

void draw() {
  const Size page = begin_picture();
  const double middle = page.width / 2;
  const double scale = std::min({page.width / 380, page.height / 560, 1.6});
  const double ground = page.height / 2 + 110 * scale;
  fill_box({0, 0, page.width, page.height}, 0, "#0d1526");
  draw_stars(page);
  draw_house(middle, ground, scale, client().user().has_value());
  fill_box({0, ground, page.width, page.height - ground}, 0, "#141f36");
  write_text(sign, middle, ground - 300 * scale, 26 * scale, page.width - 32, "#f4f6fb");
  button = {middle - 120 * scale, ground + 44 * scale, 240 * scale, 52 * scale};
  fill_box(button, 10 * scale, "#f4f6fb");
  write_text(button_text(), middle, button.y + button.height / 2, 18 * scale, button.width - 16,
             "#0d1526");
  if (has_focus) {
    frame_box({button.x - 5, button.y - 5, button.width + 10, button.height + 10}, 14 * scale, 3,
              "#ffd479");
  }
}

void change(SignInState state) {
  draw();
  switch (state) {
    case SignInState::kStarting:
      break;
    case SignInState::kSignedOut:
      say("The door is closed. Press Enter to sign in with GitHub.");
      break;
    case SignInState::kBusy:
      if (in_window) say("Go on in the window that has opened. Press Enter to cancel.");
      break;
    case SignInState::kSignedIn:
      say("Welcome, " + client().user()->login + ". The door is open. Press Enter to sign out.");
      break;
    case SignInState::kError:
      say(sign + ". Press Enter to try again.");
  }
}

void press(bool with_shift) {
  switch (client().state()) {
    case SignInState::kSignedIn:
      client().sign_out();
      break;
    case SignInState::kBusy:
      client().cancel();
      break;
    default:
      in_window = with_shift;
      client().sign_in({.popup = with_shift});
  }
}

EM_BOOL on_click(int /*type*/, const EmscriptenMouseEvent* event, void* /*data*/) {
  const double x = event->targetX - button.x;
  const double y = event->targetY - button.y;
  if (x >= 0 && y >= 0 && x < button.width && y < button.height) press(event->shiftKey);
  return EM_TRUE;
}

EM_BOOL on_key(int /*type*/, const EmscriptenKeyboardEvent* event, void* /*data*/) {
  const std::string_view key = event->key;
  if (event->repeat || (key != "Enter" && key != " ")) return EM_FALSE;
  press(event->shiftKey);
  return EM_TRUE;
}

EM_BOOL on_focus(int type, const EmscriptenFocusEvent* /*event*/, void* /*data*/) {
  has_focus = type == EMSCRIPTEN_EVENT_FOCUS;
  draw();
  return EM_FALSE;
}

EM_BOOL on_resize(int /*type*/, const EmscriptenUiEvent* /*event*/, void* /*data*/) {
  draw();
  return EM_FALSE;
}

}  // namespace

int main() {
  emscripten_set_click_callback("#canvas", nullptr, EM_FALSE, on_click);
  emscripten_set_keydown_callback("#canvas", nullptr, EM_FALSE, on_key);
  emscripten_set_focus_callback("#canvas", nullptr, EM_FALSE, on_focus);
  emscripten_set_blur_callback("#canvas", nullptr, EM_FALSE, on_focus);
  emscripten_set_resize_callback(EMSCRIPTEN_EVENT_TARGET_WINDOW, nullptr, EM_FALSE, on_resize);
  draw();
}
