// Each NIC model is one row.
#include "model/nic_model.h"

#include <algorithm>
#include <set>

#include <gtest/gtest.h>

#include "base/read_file.h"
#include "config/parse_image_recipe.h"
#include "folders.h"

namespace offlab {
namespace {

TEST(NicModels, ReadTheirNamesBackAsPrinted) {
  for (const NicModelRow& row : nic_models) {
    EXPECT_EQ(to_string(row.model), row.name);
    EXPECT_EQ(parse_nic_model(row.name), row.model);
  }
  EXPECT_EQ(parse_nic_model("ne2000"), std::nullopt);
  EXPECT_EQ(nic_model_names().size(), nic_models.size());
}

TEST(NicModels, HaveOneRowEach) {
  std::set<NicModel> models;
  std::set<std::string_view> names;
  for (const NicModelRow& row : nic_models) {
    EXPECT_TRUE(models.insert(row.model).second) << row.name;
    EXPECT_TRUE(names.insert(row.name).second) << row.name;
    EXPECT_FALSE(row.libvirt.empty()) << row.name;
  }
}

TEST(NicModels, HaveTheirDriversInTheShippedImage) {
  const std::string file = source_folder() + "/guest-images/debian-12.toml";
  const ImageRecipe recipe = parse_image_recipe(read_whole_file(file), file).recipe.value();
  for (const NicModelRow& row : nic_models)
    EXPECT_EQ(std::count(recipe.modules.begin(), recipe.modules.end(), row.driver), 1)
        << "the image lacks the driver of " << row.name << ", " << row.driver;
}

}  // namespace
}  // namespace offlab
