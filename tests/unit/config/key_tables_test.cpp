// What is said about the topology file, in the schema and in the documentation, is what is read.
#include <fstream>
#include <sstream>

#include <gtest/gtest.h>

#include "base/json.h"
#include "config/file_keys.h"
#include "config/json_schema.h"
#include "folders.h"
#include "model/nic_model.h"

namespace offlab {
namespace {

using nlohmann::json;

TEST(KeyTables, TheDocumentationHasTheTablesAsTheyAre) {
  std::ifstream file(source_folder() + "/docs/topology.md");
  std::ostringstream text;
  text << file.rdbuf();
  EXPECT_NE(text.str().find(topology_key_tables()), std::string::npos)
      << "run: offlab schema --markdown, and put it between the marks in docs/topology.md";
}

TEST(KeyTables, TheSchemaDescribesEveryTableAndRefersToNoOther) {
  const json schema = json::parse(topology_json_schema());
  EXPECT_EQ(schema.at("properties").size(), file_table("file").keys.size());
  for (const FileTable& table : file_tables()) {
    for (const FileKey& key : table.keys) {
      const json& properties =
          table.name == "file" ? schema.at("properties") : schema.at("$defs").at(table.name).at("properties");
      EXPECT_TRUE(properties.contains(key.name)) << table.name << "." << key.name;
      EXPECT_TRUE(key.table.empty() || schema.at("$defs").contains(key.table)) << key.table;
    }
  }
}

TEST(KeyTables, TheSchemaKnowsBoundsWordsAndWhatIsRequired) {
  const json schema = json::parse(topology_json_schema());
  const json& network = schema.at("$defs").at("network");
  EXPECT_EQ(network.at("required"), json({"name"}));
  EXPECT_EQ(network.at("properties").at("mtu").at("minimum"), 68);
  EXPECT_EQ(network.at("properties").at("mtu").at("maximum"), 65535);
  EXPECT_EQ(schema.at("$defs").at("interface").at("properties").at("model").at("enum"), json(nic_model_names()));
  EXPECT_EQ(network.at("additionalProperties"), false);
}

}  // namespace
}  // namespace offlab
