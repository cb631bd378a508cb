# find_package(portero CONFIG): portero::client to link with, and portero_page() for what one uploads.
if(NOT EMSCRIPTEN)
  set(portero_FOUND FALSE)
  set(portero_NOT_FOUND_MESSAGE "portero::client is for programs in the browser: use Emscripten's toolchain file.")
  return()
endif()
include(${CMAKE_CURRENT_LIST_DIR}/porteroTargets.cmake)

# portero_page(TARGET [TITLE text] [LANG code] [PROXY url])
# Makes TARGET a page: it and all it needs lie together in one folder, ${CMAKE_CURRENT_BINARY_DIR}/page, which
# is what one uploads. The page has a canvas (`#canvas`), a line that screen readers say aloud (`#status`), and a
# Content-Security-Policy without 'unsafe-eval' and 'unsafe-inline'. PROXY: its address, when of another origin.
function(portero_page target)
  cmake_parse_arguments(PARSE_ARGV 1 page "" "TITLE;LANG;PROXY" "")
  if(DEFINED page_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "portero_page: what is ${page_UNPARSED_ARGUMENTS}?")
  endif()
  set(page_script ${target})
  if(NOT DEFINED page_TITLE)
    set(page_TITLE ${target})
  endif()
  if(NOT DEFINED page_LANG)
    set(page_LANG en)
  endif()
  foreach(text IN ITEMS page_TITLE page_LANG page_PROXY)
    string(REPLACE "&" "&amp;" ${text} "${${text}}")
    string(REPLACE "<" "&lt;" ${text} "${${text}}")
    string(REPLACE "\"" "&quot;" ${text} "${${text}}")
  endforeach()
  set(share ${CMAKE_CURRENT_FUNCTION_LIST_DIR}/../../../share/portero)
  set(folder ${CMAKE_CURRENT_BINARY_DIR}/page)
  configure_file(${share}/shell.html.in ${folder}/index.html @ONLY)
  set_target_properties(${target} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${folder} OUTPUT_NAME ${target} SUFFIX .js)
  # No eval() is in what Emscripten writes then, so the policy can forbid it.
  target_link_options(${target} PRIVATE -sENVIRONMENT=web,worker -sDYNAMIC_EXECUTION=0)
  add_custom_command(TARGET ${target} POST_BUILD VERBATIM
    COMMAND ${CMAKE_COMMAND} -E copy_directory ${share}/site ${folder}
    COMMAND ${CMAKE_COMMAND} -E copy ${share}/shell.css ${folder})
endfunction()
