// One Chromium for all tests, and pages that are watched: what they say on the console, throw, ask of the network.
import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {createRequire} from 'node:module';
import {tmpdir} from 'node:os';
import {basename, join} from 'node:path';
import {after} from 'node:test';
import {pathToFileURL} from 'node:url';
import {chromium} from 'playwright-core';
import {assemble} from './assemble.mjs';
import {samples} from './samples.mjs';

const folder = mkdtempSync(join(tmpdir(), 'offlab-browser.'));
const profile_free = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];
export const browser = await chromium.launch({executablePath: process.env.CHROMIUM || '/usr/bin/chromium', args: profile_free});  // a fresh user-data-dir
after(async () => {
  await browser.close();
  rmSync(folder, {recursive: true, force: true});
});

export function written(name, content) {
  const file = join(folder, name);
  writeFileSync(file, content);
  return file;
}

export const sample_files = Object.fromEntries(Object.entries(samples).map(([name, make]) => [name, written(`${name}.html`, assemble(make()))]));
export const given_files = (process.env.OFFLAB_REPORTS || '').split('\n').filter((file) => file);
export const every_file = [...Object.entries(sample_files), ...given_files.map((file) => [basename(join(file, '..')) + '/' + basename(file), file])];

// {page, seen: {console, errors, requests, dialogs}, close()}
export async function open(file, {hash = '', width = 1280, height = 900, scheme = 'light', script, prepare, ...options} = {}) {
  const context = await browser.newContext({viewport: {width, height}, colorScheme: scheme, ...options});
  context.setDefaultTimeout(120000);  // a busy machine
  const page = await context.newPage();
  const seen = {console: [], errors: [], requests: [], dialogs: []};
  const url = pathToFileURL(file).href;
  await context.route('**/*', (route) => {
    if (route.request().url().split('#')[0] === url) return route.continue();
    seen.requests.push(route.request().url());
    return route.abort();
  });
  page.on('console', (message) => seen.console.push(`${message.type()}: ${message.text()}`));
  page.on('pageerror', (error) => seen.errors.push(error.stack || String(error)));
  page.on('dialog', (dialog) => { seen.dialogs.push(dialog.message()); dialog.dismiss(); });
  page.on('websocket', (socket) => seen.requests.push(socket.url()));
  if (script) await page.addInitScript(script);
  if (prepare) await prepare(page);
  await page.goto(url + hash);
  return {page, seen, url, close: () => context.close()};
}

export const data_of = (page) => page.evaluate(() => JSON.parse(document.getElementById('data').textContent));

// Every chart comes into view once.
export async function scroll_through(page) {
  await page.evaluate(async () => {
    const frame = () => new Promise(requestAnimationFrame);
    for (let y = 0; y < Math.min(document.body.scrollHeight, 150000); y += 800) { scrollTo(0, y); await frame(); await frame(); }
    scrollTo(0, 0);
    await frame();
  });
}

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

// What axe-core calls serious or critical: "rule: target". It comes past the page's CSP, as an extension would.
export async function serious_violations(page) {
  await page.evaluate(axe);
  const result = await page.evaluate(() => axe.run(document, {resultTypes: ['violations']}));
  return result.violations.filter((one) => one.impact === 'serious' || one.impact === 'critical').flatMap((one) => one.nodes.slice(0, 5).map((node) => `${one.id}: ${node.target.join(' ')} ${(node.failureSummary || '').split('\n')[1] || ''}`));
}
