#include "manual/man_page.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "manual/roff.h"
#include "unit/manual/sample_commands.h"

namespace offlab {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

const ManualEdition edition{"0.1.0+abc", "2026-11-30"};

std::string page_of(const char* name) {
  const Command program = sample_program();
  return man_page(program, *command_named(program, name), edition);
}

TEST(ManPage, HasTheSectionsThatReadersLookForInTheirOrder) {
  const std::string page = page_of("run");
  EXPECT_THAT(page, StartsWith(".TH OFFLAB-RUN 1 2026-11-30 \"offlab 0.1.0+abc\" \"offlab manual\"\n"));
  std::size_t at = 0;
  for (const char* title :
       {"NAME", "SYNOPSIS", "DESCRIPTION", "OPTIONS", "EXIT STATUS", "FILES", "ENVIRONMENT", "SEE ALSO"}) {
    const std::size_t here = page.find(std::string("\n.SH ") + title + "\n");
    ASSERT_NE(here, std::string::npos) << title;
    EXPECT_GT(here, at) << title;
    at = here;
  }
}

TEST(ManPage, SaysOfAnOptionWhatItsValueMayBe) {
  const std::string page = page_of("run");
  EXPECT_THAT(page, HasSubstr("\\fB\\-\\-until\\fR \\fBfail\\fR|\\fBpass\\fR\n"));
  EXPECT_THAT(page, HasSubstr("\\fB\\-\\-jobs\\fR \\fIN\\fR\nLabs at a time (1 \\- 999; default: 1)\n"));
  EXPECT_THAT(page, HasSubstr("\\fB\\-h\\fR, \\fB\\-\\-help\\fR\n"));
}

TEST(ManPage, ItsSynopsisHasWhatIsRequired) {
  EXPECT_THAT(page_of("run"), HasSubstr("\n\\fBofflab run\\fR \\fB\\-\\-case\\fR \\fIGLOB\\fR [\\fIOPTION\\fR ...] "
                                        "[\\fIfile\\fR]\n"));
}

TEST(ManPage, CommandsBelowACommandAreOnItsPage) {
  const std::string page = page_of("host");
  EXPECT_THAT(page, HasSubstr("\n.SS offlab host show\nShows them.\n.TP\n\\fB\\-\\-host\\fR \\fIFILE\\fR\n"));
}

TEST(ManPage, TheProgramsPageHasALineForEachCommand) {
  const Command program = sample_program();
  const std::string page = man_page(program, program, edition);
  EXPECT_THAT(page, HasSubstr("\n.SH NAME\nofflab \\- Tests routers\n"));
  EXPECT_THAT(page, HasSubstr("\n.TP\n\\fBofflab\\-run\\fR(1)\nIs it healthy? Runs every case.\n"));
  EXPECT_EQ(man_page_file(program), "offlab.1");
  EXPECT_EQ(man_page_file(program.commands[1]), "offlab-host.1");
}

TEST(ManPage, EachExitStatusIsAnEntryWhateverCommasItsWordsHave) {
  EXPECT_THAT(page_of("run"),
              HasSubstr(".SH EXIT STATUS\n.TP\n\\fB0\\fR\npass\n.TP\n\\fB1\\fR\nfail (a fault, or two)\n.TP\n"
                        "\\fB130\\fR\ninterrupted\n.SH"));
}

TEST(ManPage, TextIsNeverARequest) {
  EXPECT_THAT(page_of("run"), HasSubstr("\n\\&.only \\ethese (required)\n"));
  EXPECT_EQ(roff_line("'quoted'"), "\\(aqquoted\\(aq\n");
  EXPECT_EQ(roff_line(".so /etc/passwd"), "\\&.so /etc/passwd\n");
  EXPECT_EQ(roff_line("two\nlines"), "two / lines\n");
  EXPECT_THAT(page_of("run"), Not(HasSubstr("--")));
}

}  // namespace
}  // namespace offlab
