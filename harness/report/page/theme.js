// Light or dark: as the system has it, until the button is pressed; light on paper.

const dark_scheme = matchMedia('(prefers-color-scheme: dark)');
const theme_listeners = [];
let chosen_theme = null;
let on_paper = false;

const is_dark = () => !on_paper && (chosen_theme || (dark_scheme.matches ? 'dark' : 'light')) === 'dark';
const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();

function apply_theme() {
  const name = is_dark() ? 'dark' : 'light';
  if (document.documentElement.dataset.theme === name) return;
  document.documentElement.dataset.theme = name;
  for (const listener of theme_listeners) listener();
}

function theme_button() {
  const button = el('button', {type: 'button', class: 'quiet', id: 'theme'});
  const label = () => { button.textContent = is_dark() ? 'Light colours' : 'Dark colours'; };
  button.addEventListener('click', () => {
    chosen_theme = is_dark() ? 'light' : 'dark';
    apply_theme();
  });
  theme_listeners.push(label);
  label();
  return button;
}

dark_scheme.addEventListener('change', apply_theme);
apply_theme();
