// What the shared library lets users see.
#pragma once

#define OFFLAB_API __attribute__((visibility("default")))
