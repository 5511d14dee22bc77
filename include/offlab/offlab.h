// Everything but the fixture for GoogleTest, which is <offlab/gtest.h>.
#pragma once

#include <offlab/lab.h>
#include <offlab/result.h>
#include <offlab/topology.h>
#include <offlab/version.h>
