// The scripts as text; tests/adapter/manual_test.cpp has the shells read them.
#include "manual/completion.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/manual/sample_commands.h"

namespace offlab {
namespace {

using testing::HasSubstr;

TEST(Completion, BashKnowsWhatStandsBehindAnOption) {
  const std::string script = bash_completion(sample_program());
  EXPECT_THAT(script, HasSubstr("'offlab run --until') value='fail pass' ;;\n"));
  EXPECT_THAT(script, HasSubstr("'offlab run --out') value=':folder' ;;\n"));
  EXPECT_THAT(script, HasSubstr("'offlab host')\n      options=''\n      others='show' ;;\n"));
}

TEST(Completion, ZshReadsADescriptionAsOneWord) {
  const std::string script = zsh_completion(sample_program());
  EXPECT_THAT(script, HasSubstr("'--out=[It'\\''s a folder \\[new\\]\\: yours]:DIR:_files -/'"));
  EXPECT_THAT(script, HasSubstr("'--until=[End with the first case that fails, or passes]:value:(fail pass)'"));
  EXPECT_THAT(script, HasSubstr("'(-h --help)--help[Print this help message and exit]'"));
  EXPECT_THAT(script, HasSubstr("'::file:_files -g \"*.toml\"'"));
}

TEST(Completion, FishQuotesItsOwnWay) {
  const std::string script = fish_completion(sample_program());
  EXPECT_THAT(script, HasSubstr("complete -c offlab -n '__offlab_at offlab run' -l out -x -a "
                                "'(__fish_complete_directories)' -d 'It\\'s a folder [new]: yours'\n"));
  EXPECT_THAT(script, HasSubstr("-l case -x -d '.only \\\\these'\n"));
  EXPECT_THAT(script, HasSubstr("-n '__offlab_at offlab host' -a show -d 'Shows them.'\n"));
}

}  // namespace
}  // namespace offlab
