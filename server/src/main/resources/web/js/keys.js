// Keyboard first: every key does what a visible control does.
(() => {
  const rows = () => [...document.querySelectorAll('[data-row]')];
  const isTyping = element => element.closest('input, textarea, select, [contenteditable]') !== null;
  const press = selector => {
    const control = document.querySelector(selector);
    control?.click();
    return control;
  };
  const move = by => {
    const all = rows();
    if (all.length === 0) return;
    // A row that has changed comes anew; the one that is open is known by itself.
    const at = [row => row === document.activeElement, row => row.hasAttribute('data-at'), row => row.hasAttribute('aria-current')]
      .map(is => all.findIndex(is)).find(found => found >= 0) ?? -1;
    const next = all[Math.min(all.length - 1, Math.max(0, at + by))];
    all.forEach(row => row.removeAttribute('data-at'));
    next.setAttribute('data-at', '');
    next.focus();
    next.scrollIntoView({ block: 'nearest' });
  };
  const write = mode => {
    press(`[data-mode="${mode}"]`);
    document.querySelector(`#${mode}-text`)?.focus();
  };
  const keys = {
    j: () => move(1),
    k: () => move(-1),
    r: () => write('answer'),
    n: () => write('note'),
    a: () => press('[data-key="a"]'),
    c: () => press('[data-key="c"]'),
    e: () => press('[data-key="e"]'),
    w: () => press('[data-key="w"]'),
    x: () => document.body.dispatchEvent(new CustomEvent('linyu:pick', { detail: { range: false } })),
    X: () => document.body.dispatchEvent(new CustomEvent('linyu:pick', { detail: { range: true } })),
    f: () => press('[data-key="f"]'),
    '/': () => document.getElementById('find')?.focus(),
    '?': () => document.getElementById('keys')?.showModal(),
  };
  let going = 0;

  document.addEventListener('keydown', event => {
    if (event.isComposing || event.altKey || event.metaKey) return;
    const typing = isTyping(event.target);
    if (event.key === 'Enter' && event.ctrlKey && typing) {
      event.target.form?.requestSubmit();
      event.preventDefault();
      return;
    }
    if (event.key === 'Escape') {
      if (typing) event.target.blur();
      else if (!document.querySelector('dialog[open]')) press('.back');
      return;
    }
    if (typing || event.ctrlKey || document.querySelector('dialog[open]')) return;
    if (Date.now() - going < 1000) {
      going = 0;
      const section = document.querySelector(`[data-go="${CSS.escape(event.key)}"]`);
      if (section) {
        section.click();
        event.preventDefault();
        return;
      }
    }
    if (event.key === 'g') {
      going = Date.now();
    } else if (Object.hasOwn(keys, event.key)) {
      event.preventDefault();
      keys[event.key]();
    }
  });
})();
