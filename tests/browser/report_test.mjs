// Tests of report.html in headless Chromium: ci/browser.sh runs them. OFFLAB_REPORTS: further reports, one path a line.
import './every_report.mjs';
import './interaction.mjs';
import './hostile.mjs';
import './page_limits.mjs';
