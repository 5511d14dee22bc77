# Writes OUT, a header with the program's version: VERSION, and the commit of SOURCE where git knows it.
cmake_minimum_required(VERSION 3.25)
execute_process(COMMAND git -C ${SOURCE} describe --always --dirty --abbrev=12 --exclude=*
  OUTPUT_VARIABLE commit OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET RESULT_VARIABLE status)
set(text "${VERSION}")
if(status EQUAL 0 AND EXISTS ${SOURCE}/.git)
  set(text "${VERSION}+${commit}")
endif()
file(CONFIGURE OUTPUT ${OUT} CONTENT "#define OFFLAB_VERSION_TEXT \"@text@\"\n" @ONLY)
