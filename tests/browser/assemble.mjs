// Puts data into the report's page, as the program does: for tests, and to look at the page while it is changed.
//   node assemble.mjs DATA.json REPORT.html
import {createHash} from 'node:crypto';
import {readFileSync, writeFileSync} from 'node:fs';
import {dirname, join} from 'node:path';
import {fileURLToPath} from 'node:url';

const page = join(dirname(fileURLToPath(import.meta.url)), '../../harness/report/page');
const chart_file = '/usr/share/javascript/chart.js/chart.min.js';  // Debian's libjs-chart.js

const in_html = (words) => String(words ?? '').replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
const in_script = (value) => JSON.stringify(value).replace(/[<>&\u2028\u2029]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
const hash = (script) => `'sha256-${createHash('sha256').update(script).digest('base64')}'`;

export function page_script() {
  const names = readFileSync(join(page, 'SCRIPTS'), 'utf8').split('\n').filter((name) => name);
  return names.map((name) => readFileSync(join(page, name), 'utf8')).join('');
}

export function assemble(data) {
  const chart = readFileSync(chart_file, 'utf8');
  const script = page_script();
  const parts = {
    CSP: `default-src 'none'; script-src ${hash(chart)} ${hash(script)}; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'`,
    TITLE: in_html(`${data.title ?? 'offlab'}: ${data.outcome ?? ''}`), SENTENCE: in_html(data.sentence), STYLE: readFileSync(join(page, 'report.css'), 'utf8'),
    CHART: chart, SCRIPT: script, DATA: in_script(data),
  };
  return readFileSync(join(page, 'report.html'), 'utf8').replace(/@(CSP|TITLE|SENTENCE|STYLE|CHART|SCRIPT|DATA)@/g, (_, name) => parts[name]);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [data_file, report_file] = process.argv.slice(2);
  if (!report_file) {
    console.error('usage: node assemble.mjs DATA.json REPORT.html');
    process.exit(2);
  }
  writeFileSync(report_file, assemble(JSON.parse(readFileSync(data_file, 'utf8'))));
}
