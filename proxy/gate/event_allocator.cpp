#include "proxy/gate/event_allocator.h"

#include <event2/event.h>

#include <algorithm>
#include <cstddef>
#include <cstdlib>

#include "proxy/base/fatal.h"

namespace portero {
namespace {

void* allocate(std::size_t size) {
  void* memory = std::malloc(std::max<std::size_t>(size, 1));
  if (memory == nullptr) end_out_of_memory();
  return memory;
}

void* reallocate(void* old, std::size_t size) {
  void* memory = std::realloc(old, std::max<std::size_t>(size, 1));
  if (memory == nullptr) end_out_of_memory();
  return memory;
}

}  // namespace

void guard_event_allocator() {
  static const bool kGuarded = [] {
    event_set_mem_functions(allocate, reallocate, std::free);
    return true;
  }();
  static_cast<void>(kGuarded);
}

}  // namespace portero
