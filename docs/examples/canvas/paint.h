// The few strokes the program paints with: the browser's canvas, from C++. Lengths are CSS pixels.
#pragma once

#include <string>

struct Size {
  double width = 0;
  double height = 0;
};

struct Box {
  double x = 0;
  double y = 0;
  double width = 0;
  double height = 0;
};

/// Makes the canvas as large and as sharp as the screen shows it, and says how large.
Size begin_picture();

void fill_box(const Box& box, double radius, const char* colour);
void frame_box(const Box& box, double radius, double line, const char* colour);

/// Centred at x, its middle at y, and never wider than `room`.
void write_text(const std::string& text, double x, double y, double size, double room,
                const char* colour);

/// For those who do not see the picture: what the canvas is now.
void say(const std::string& text);
