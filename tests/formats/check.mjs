// node check.mjs FOLDER SCHEMA: reads run.json, junit.xml, run.ktap, run.ctrf.json, annotations.txt, run.md and summary.md
// of FOLDER with the programs of others, and compares what they understood with run.json.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync, statSync } from "node:fs";
import path from "node:path";
import Ajv from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { validateStrict } from "ctrf";
import { parse as parseJunit } from "junit2json";
import { Parser } from "tap-parser";

const [folder, schemaFile] = process.argv.slice(2);
const read = (name) => readFileSync(path.join(folder, name), "utf8");
const run = JSON.parse(read("run.json"));
const count = (...outcomes) => run.cases.filter((one) => outcomes.includes(one.outcome)).length;
const checks = [];
const check = (name, body) => checks.push([name, body]);

check("run.json: its JSON Schema (ajv)", () => {
  const ajv = new Ajv({ allErrors: true, allowUnionTypes: true });
  addFormats(ajv);
  const validate = ajv.compile(JSON.parse(readFileSync(schemaFile, "utf8")));
  assert.ok(validate(run), JSON.stringify(validate.errors?.slice(0, 5), null, 1));
  for (const damage of [(d) => (d.outcome = "good"), (d) => delete d.cases, (d) => (d.cases[0].class = "storm"),
                        (d) => (d.cases[0].findings[0].outcome = 1)]) {
    const other = structuredClone(run);
    damage(other);
    assert.ok(!validate(other), `the schema takes a damaged document: ${damage}`);
  }
});

check("junit.xml: junit2json", async () => {
  const parsed = await parseJunit(read("junit.xml"));
  const suites = parsed.testsuite ?? parsed;
  const suite = Array.isArray(suites) ? suites[0] : suites;
  assert.equal(suite.testcase.length, run.cases.length);
  assert.equal(suite.failures, count("fail"));
  assert.equal(suite.errors, count("error", "inconclusive"));
  assert.equal(suite.skipped, count("skip"));
  assert.equal(suite.testcase.filter((one) => one.failure).length, count("fail"));
  assert.equal(new Set(suite.testcase.map((one) => one.classname + one.name)).size, run.cases.length);
  assert.ok(statSync(path.join(folder, "junit.xml")).size <= 30e6);
});

check("junit.xml: Python's junitparser (Debian)", () => {
  const script = `
import sys
from junitparser import JUnitXml
suite = JUnitXml.fromfile(sys.argv[1])
print(suite.tests, suite.failures, suite.errors, suite.skipped, len(list(suite)))
`;
  const seen = execFileSync("/usr/bin/python3", ["-c", script, path.join(folder, "junit.xml")], { encoding: "utf8" });
  assert.equal(seen.trim(), [run.cases.length, count("fail"), count("error", "inconclusive"), count("skip"),
                             run.cases.length].join(" "));
});

const tapResults = () => {
  // The version line of KTAP is no TAP; everything else is.
  const results = Parser.parse(read("run.ktap").replace(/^KTAP version 1\n/, "TAP version 14\n"));
  return results.filter(([kind]) => kind === "assert").map(([, result]) => result);
};

check("run.ktap: tap-parser", () => {
  assert.match(read("run.ktap"), /^KTAP version 1\n1\.\.\d+\n/);
  const results = tapResults();
  assert.equal(results.length, run.cases.length);
  assert.equal(results.filter((one) => !one.ok).length, count("fail", "error", "inconclusive"));
  assert.equal(results.filter((one) => one.skip).length, count("skip"));
});

check("run.ktap: prove (Perl's TAP::Harness)", () => {
  let output;
  try {
    output = execFileSync("prove", ["--verbose", "--exec", "cat", path.join(folder, "run.ktap")], { encoding: "utf8" });
  } catch (error) {
    output = error.stdout;
  }
  const failed = count("fail", "error", "inconclusive");
  assert.match(output, failed > 0 ? new RegExp(`Failed ${failed}/${run.cases.length} subtests`) : /Result: PASS/);
});

check("run.ctrf.json: ctrf's own validator", () => {
  const report = JSON.parse(read("run.ctrf.json"));
  validateStrict(report);
  assert.equal(report.results.summary.tests, run.cases.length);
  assert.equal(report.results.summary.failed, count("fail"));
  assert.equal(report.results.summary.other, count("error", "inconclusive"));
  const damaged = structuredClone(report);
  damaged.results.tests[0].status = "red";
  assert.throws(() => validateStrict(damaged));
});

check("annotations.txt: GitHub's workflow commands", () => {
  // As the runner reads them: https://github.com/actions/runner, ActionCommand.
  const lines = read("annotations.txt").trimEnd().split("\n").filter(Boolean);
  for (const line of lines) assert.match(line, /^::(error|warning) title=[^,:]*::/);
  assert.ok(lines.filter((line) => line.startsWith("::error")).length <= 10);
  assert.ok(lines.filter((line) => line.startsWith("::warning")).length <= 10);
  assert.equal(lines.filter((line) => line.startsWith("::error")).length, Math.min(10, count("fail", "error")));
});

for (const [file, most] of [["run.md", 65000], ["summary.md", 1024 * 1024]])
  check(`${file}: cmark-gfm, GitHub's reference implementation`, () => {
    assert.ok(statSync(path.join(folder, file)).size <= most);
    const html = execFileSync("cmark-gfm", ["--extension", "table", path.join(folder, file)], { encoding: "utf8" });
    const rows = html.match(/<tr>/g)?.length ?? 0;
    assert.equal(rows, run.cases.length + 1, "a row for each case, and the head");
    for (const one of run.cases) assert.ok(html.includes(`<code>${one.id.replace(/&/g, "&amp;")}</code>`), one.id);
  });

let failed = 0;
for (const [name, body] of checks) {
  try {
    await body();
    console.log(`ok    ${name}`);
  } catch (error) {
    failed += 1;
    console.log(`FAIL  ${name}\n${error.message}`);
  }
}
console.log(`${checks.length - failed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
