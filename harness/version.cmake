# Writes OUT, a header with the program's version: VERSION, and the commit of SOURCE where git knows it; and the day it
# is of.
cmake_minimum_required(VERSION 3.25)
execute_process(COMMAND git -C ${SOURCE} describe --always --dirty --abbrev=12 --exclude=*
  OUTPUT_VARIABLE commit OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET RESULT_VARIABLE status)
set(text "${VERSION}")
if(status EQUAL 0 AND EXISTS ${SOURCE}/.git)
  set(text "${VERSION}+${commit}")
endif()
execute_process(COMMAND git -C ${SOURCE} log -1 --format=%cs
  OUTPUT_VARIABLE date OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET RESULT_VARIABLE status)
if(NOT status EQUAL 0 OR NOT EXISTS ${SOURCE}/.git)
  string(TIMESTAMP date "%Y-%m-%d" UTC)  # of SOURCE_DATE_EPOCH, where it is set
endif()
file(CONFIGURE OUTPUT ${OUT}
  CONTENT "#define OFFLAB_VERSION_TEXT \"@text@\"\n#define OFFLAB_DATE_TEXT \"@date@\"\n" @ONLY)
