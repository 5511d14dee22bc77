// One tooltip for the page: shown on hover and on focus, closed by Esc, and the pointer may rest on it.

const tip = el('div', {id: 'tip', role: 'tooltip', hidden: true});
const tip_texts = new WeakMap();  // element -> function that gives the tip's lines
let tip_owner = null;
let tip_timer = 0;

function with_tip(node, lines) {
  tip_texts.set(node, lines);
  return node;
}

// `at` is a rectangle in the window. The first line is the title.
function show_tip(owner, lines, at) {
  clearTimeout(tip_timer);
  if (tip_owner && tip_owner !== owner) tip_owner.removeAttribute('aria-describedby');
  tip.replaceChildren(...lines.filter((line) => line).map((line, index) => el('div', {class: index === 0 ? 'tip-title' : null}, line)));
  tip.hidden = false;
  tip_owner = owner;
  if (owner.tagName === 'A' || owner.tagName === 'BUTTON') owner.setAttribute('aria-describedby', 'tip');
  const box = tip.getBoundingClientRect();
  const left = Math.min(Math.max(4, at.left + at.width / 2 - box.width / 2), document.documentElement.clientWidth - box.width - 4);
  const above = at.top - box.height - 6;
  tip.style.left = `${Math.max(4, left)}px`;
  tip.style.top = `${above >= 4 ? above : Math.min(at.bottom + 6, innerHeight - box.height - 4)}px`;
}

function hide_tip() {
  clearTimeout(tip_timer);
  tip.hidden = true;
  if (tip_owner) tip_owner.removeAttribute('aria-describedby');
  tip_owner = null;
}

function hide_tip_soon() {
  clearTimeout(tip_timer);
  tip_timer = setTimeout(hide_tip, 150);
}

function owner_of(target) {
  for (let node = target; node instanceof Element; node = node.parentElement) if (tip_texts.has(node)) return node;
  return null;
}

function start_tips() {
  document.body.append(tip);
  const show_for = (event) => {
    const owner = owner_of(event.target);
    if (owner && owner !== tip_owner) show_tip(owner, tip_texts.get(owner)(), owner.getBoundingClientRect());
    else if (owner) clearTimeout(tip_timer);
  };
  const hide_for = (event) => {
    if (tip_owner && owner_of(event.target) === tip_owner && !tip_owner.contains(event.relatedTarget)) hide_tip_soon();
  };
  document.addEventListener('mouseover', show_for);
  document.addEventListener('focusin', show_for);
  document.addEventListener('mouseout', hide_for);
  document.addEventListener('focusout', hide_for);
  tip.addEventListener('mouseenter', () => clearTimeout(tip_timer));
  tip.addEventListener('mouseleave', hide_tip_soon);
  document.addEventListener('scroll', () => { if (!tip.hidden) hide_tip(); }, {passive: true, capture: true});
}
