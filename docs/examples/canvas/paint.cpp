#include "paint.h"

#include <emscripten.h>
#include <emscripten/html5.h>

// clang-format off: what follows in brackets is JavaScript.
EM_JS(void, js_scale, (double ratio), {
  document.querySelector('#canvas').getContext('2d').setTransform(ratio, 0, 0, ratio, 0, 0);
})

EM_JS(void, js_box,
      (double x, double y, double width, double height, double radius, double line,
       const char* colour),
      {
        const pen = document.querySelector('#canvas').getContext('2d');
        const r = Math.min(radius, width / 2, height / 2);
        pen.beginPath();
        pen.moveTo(x + r, y);
        pen.arcTo(x + width, y, x + width, y + height, r);
        pen.arcTo(x + width, y + height, x, y + height, r);
        pen.arcTo(x, y + height, x, y, r);
        pen.arcTo(x, y, x + width, y, r);
        pen.closePath();
        pen.fillStyle = pen.strokeStyle = UTF8ToString(colour);
        pen.lineWidth = line;
        if (line)
          pen.stroke();
        else
          pen.fill();
      })

EM_JS(void, js_text,
      (const char* text, double x, double y, double size, double room, const char* colour), {
        const pen = document.querySelector('#canvas').getContext('2d');
        pen.font = size + 'px system-ui, sans-serif';
        pen.textAlign = 'center';
        pen.textBaseline = 'middle';
        pen.fillStyle = UTF8ToString(colour);
        pen.fillText(UTF8ToString(text), x, y, room);
      })

EM_JS(void, js_say, (const char* text), {
  const said = UTF8ToString(text);
  document.querySelector('#canvas').setAttribute('aria-label', said);
  document.querySelector('#status').textContent = said;
})
// clang-format on

Size begin_picture() {
  Size size;
  emscripten_get_element_css_size("#canvas", &size.width, &size.height);
  const double ratio = emscripten_get_device_pixel_ratio();
  emscripten_set_canvas_element_size("#canvas", static_cast<int>(size.width * ratio),
                                     static_cast<int>(size.height * ratio));
  js_scale(ratio);
  return size;
}

void fill_box(const Box& box, double radius, const char* colour) {
  js_box(box.x, box.y, box.width, box.height, radius, 0, colour);
}

void frame_box(const Box& box, double radius, double line, const char* colour) {
  js_box(box.x, box.y, box.width, box.height, radius, line, colour);
}

void write_text(const std::string& text, double x, double y, double size, double room,
                const char* colour) {
  js_text(text.c_str(), x, y, size, room, colour);
}

void say(const std::string& text) { js_say(text.c_str()); }
