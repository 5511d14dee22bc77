# Writes OUT, a C++ source that defines the string views of HEADER in NAMESPACE: for each of NAMES the content of the file
# that the variable of that name says, or of several that follow each other.
cmake_minimum_required(VERSION 3.25)
set(text "#include \"${HEADER}\"\n\nnamespace ${NAMESPACE} {\n\n")
foreach(name ${NAMES})
  set(bytes "")
  foreach(file ${${name}})
    file(READ ${file} more HEX)
    string(APPEND bytes ${more})
  endforeach()
  string(LENGTH "${bytes}" size)
  math(EXPR size "${size} / 2")
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "\\\\x\\1" bytes "${bytes}")
  # One line of all is slow to compile.
  string(REGEX REPLACE "(................................................................)" "\\1\"\n\"" bytes "${bytes}")
  string(APPEND text "const std::string_view ${name}(\"${bytes}\", ${size});\n")
endforeach()
string(APPEND text "\n}  // namespace ${NAMESPACE}\n")
file(WRITE ${OUT} "${text}")
