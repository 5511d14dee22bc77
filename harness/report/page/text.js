'use strict';
// What the page shows of the report's data: every text is shown as text, with its hidden characters visible.
// The data may be of strangers: any member may be missing, of another type, hostile or very long.

const SHOWN_LENGTH = 4000;  // characters of one text; what is longer is cut, and says so
const NBSP = '\u00a0';

const list = (value) => (Array.isArray(value) ? value : []);
const record = (value) => (value !== null && typeof value === 'object' && !Array.isArray(value) ? value : {});
const number = (value) => (typeof value === 'number' && Number.isFinite(value) ? value : null);
const text = (value) => (typeof value === 'string' ? value : typeof value === 'number' || typeof value === 'boolean' ? String(value) : '');

// Controls, characters that turn the direction of text, and others that have no shape of their own.
const HIDDEN = new RegExp(
  '[\\u0000-\\u001f\\u007f-\\u009f\\u00ad\\u034f\\u061c\\u115f\\u1160\\u17b4\\u17b5\\u180b-\\u180f\\u200b-\\u200f\\u2028-\\u202e' +
  '\\u2060-\\u206f\\u2800\\u3164\\ufe00-\\ufe0f\\ufeff\\uffa0\\ufff0-\\ufffb\\ufffe\\uffff\\u{e0000}-\\u{e0fff}]|\\p{Cs}', 'gu');
const PILED_MARKS = /(\p{M}{3})\p{M}+/gu;

function shown_character(character) {
  return character === '\t' ? ' ' : `<U+${character.codePointAt(0).toString(16).toUpperCase().padStart(4, '0')}>`;
}

// `lines` keeps line ends and tabs.
function visible(value, lines = false) {
  let result = text(value);
  if (result.length > SHOWN_LENGTH)
    result = `${result.slice(0, SHOWN_LENGTH)} … (${(result.length - SHOWN_LENGTH).toLocaleString('en')} more characters)`;
  result = result.replace(HIDDEN, (character) => (lines && (character === '\n' || character === '\t') ? character : shown_character(character)));
  return result.replace(PILED_MARKS, '$1<…>');
}

function short_text(value, length) {
  const whole = visible(value);
  const characters = Array.from(whole);
  return characters.length <= length ? whole : `${characters.slice(0, Math.max(1, length - 1)).join('')}…`;
}

// An element with its attributes and children. A function is a listener, an object `style` sets CSS properties, null leaves out.
// Every text, also in attributes, goes through visible().
function el(tag, attributes = {}, ...children) {
  return fill(document.createElement(tag), attributes, children);
}

function svg(tag, attributes = {}, ...children) {
  return fill(document.createElementNS('http://www.w3.org/2000/svg', tag), attributes, children);
}

function fill(node, attributes, children) {
  let lines = false;
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name === 'lines') lines = true;
    else if (typeof value === 'function') node.addEventListener(name, value);
    else if (name === 'style') for (const [property, setting] of Object.entries(value)) node.style.setProperty(property, setting);
    else node.setAttribute(name, value === true ? '' : visible(value));
  }
  for (const child of children.flat(Infinity)) {
    if (child === null || child === undefined || child === false || child === '') continue;
    node.append(child instanceof Node ? child : visible(child, lines));
  }
  return node;
}

const absent = (words = 'not recorded') => el('span', {class: 'absent'}, words);
const or_absent = (value) => (value === null || value === '' ? absent() : value);

// Three significant digits.
function digits(value) {
  if (value === 0) return '0';
  const rounded = Number(value.toPrecision(3));
  return Math.abs(rounded) >= 1e-4 ? rounded.toLocaleString('en', {maximumFractionDigits: 6, useGrouping: Math.abs(rounded) >= 1e4}) : rounded.toExponential();
}

const RATE_UNITS = [[1e9, 'Gbit/s'], [1e6, 'Mbit/s'], [1e3, 'kbit/s'], [1, 'bit/s']];
const rate_unit = (largest) => RATE_UNITS.find(([size]) => largest >= size) || RATE_UNITS[3];

function bit_rate(value) {
  if (number(value) === null) return null;
  const [size, unit] = rate_unit(Math.abs(value));
  return `${digits(value / size)}${NBSP}${unit}`;
}

function percent(value) {
  if (number(value) === null) return null;
  const share = value * 100;
  if (share > 0 && share < 0.001) return `<${NBSP}0.001${NBSP}%`;
  return `${Number(share.toPrecision(Math.abs(share) >= 100 ? 3 : 2)).toLocaleString('en', {maximumFractionDigits: 4})}${NBSP}%`;
}

const count = (value) => (number(value) === null ? null : value.toLocaleString('en'));
const factor = (value) => (number(value) === null ? null : value.toFixed(2));

function duration(seconds) {
  if (number(seconds) === null) return null;
  if (seconds < 120) return `${digits(seconds)}${NBSP}s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 120 ? `${minutes}${NBSP}min` : `${Math.floor(minutes / 60)}${NBSP}h ${minutes % 60}${NBSP}min`;
}

// "2026-11-30T16:00:00Z" -> "2026-11-30 16:00:00 UTC"; anything else as it is.
function instant(value) {
  const parts = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d(?::\d\d)?)(?:\.\d+)?Z$/.exec(text(value));
  return parts ? `${parts[1]} ${parts[2]} UTC` : text(value);
}

const plural = (amount, one, many = `${one}s`) => `${count(amount)} ${amount === 1 ? one : many}`;

// Only a path below the report's folder becomes a link: no scheme, no leading slash, no "..". null: not a link.
function relative_href(path) {
  const whole = text(path);
  if (whole === '' || whole.length > 1000 || /^[a-z][a-z0-9+.-]*:/i.test(whole) || /[\\\u0000-\u001f\u007f]/.test(whole)) return null;
  const names = whole.split('/');
  if (names.some((name) => name === '' || name === '.' || name === '..')) return null;
  try {
    return names.map(encodeURIComponent).join('/');
  } catch {
    return null;  // half of a surrogate pair
  }
}

// A text that may break behind its commas: ids of matrices.
const breakable = (value) => visible(value).split(/(?<=,)/).flatMap((part) => [part, document.createElement('wbr')]).slice(0, -1);

// A table in a box of its own that scrolls. Rows are arrays of texts or nodes.
function data_table(caption, head, rows, attributes = {}) {
  const cell = (value) => el('td', {}, value === null || value === '' ? absent('–') : value);
  return el('div', {class: 'scroll boxed', tabindex: '0', role: 'region', 'aria-label': caption},
    el('table', attributes,
      el('caption', {class: 'unseen'}, caption),
      el('thead', {}, el('tr', {}, head.map((name) => el('th', {scope: 'col'}, name)))),
      el('tbody', {}, rows.map((row) => el('tr', {}, list(row).map(cell))))));
}

// A folded part whose content is made when it is first opened.
function folded(summary, make, attributes = {}) {
  const content = el('div', {class: 'folded'});
  const details = el('details', attributes, el('summary', {}, summary), content);
  const open = () => { if (!content.firstChild) content.append(...[make()].flat()); };
  details.addEventListener('toggle', () => { if (details.open) open(); });
  if (details.open) open();
  return details;
}
