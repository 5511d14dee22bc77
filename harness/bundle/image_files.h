// image/NAME/ of a bundle: what a guest image is made of, for parts/build.sh.
#pragma once

#include <map>
#include <string>

#include "model/image_recipe.h"

namespace offlab {

struct ImageAccount {
  std::string kernel;                           // "6.1.0-47-amd64"; empty: not known
  std::string digest;                           // of the image that was used
  std::map<std::string, std::string> packages;  // name -> version
};

// File name -> text, below the image's folder, without build.sh.
std::map<std::string, std::string> image_files(const ImageRecipe& recipe, const ImageAccount& account);

}  // namespace offlab
