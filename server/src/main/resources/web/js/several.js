// Picks several rows of a list, to do the same with all of them.
(() => {
  const bar = document.getElementById('several');
  if (!bar) return;
  const list = bar.closest('.list');
  const said = bar.querySelector('[data-picked]');
  const picked = new Set();
  let last = null;
  const boxes = () => [...list.querySelectorAll('[data-pick]')];

  // Rows come anew when something happens to them: what was picked stays so, as it is now.
  const show = () => {
    const shown = boxes();
    const here = new Set(shown.map(box => box.dataset.pick));
    for (const code of picked) if (!here.has(code)) picked.delete(code);
    for (const box of shown) box.checked = picked.has(box.dataset.pick);
    bar.hidden = picked.size === 0;
    said.textContent = said.dataset.picked.replace('#', picked.size);
    bar.elements.picks.value = shown.filter(box => box.checked).map(box => box.dataset.pick + ':' + box.dataset.version).join(',');
  };
  const pick = (box, on, range) => {
    const all = boxes();
    const from = all.findIndex(each => each.dataset.pick === last);
    const at = all.indexOf(box);
    const meant = range && from >= 0 ? all.slice(Math.min(from, at), Math.max(from, at) + 1) : [box];
    for (const each of meant) picked[on ? 'add' : 'delete'](each.dataset.pick);
    last = box.dataset.pick;
    show();
  };
  list.addEventListener('click', event => {
    const box = event.target.closest('[data-pick]');
    if (box) pick(box, box.checked, event.shiftKey);
    if (event.target.closest('[data-pick-all]')) {
      for (const each of boxes()) picked.add(each.dataset.pick);
      show();
    }
    if (event.target.closest('[data-pick-none]')) {
      picked.clear();
      show();
    }
    const picking = event.target.closest('[data-picking]');
    if (picking) {
      const on = list.classList.toggle('is-picking');
      picking.setAttribute('aria-pressed', String(on));
      if (!on) picked.clear();
      show();
    }
    if (event.target.closest('[data-dismisses]')) event.target.closest('.outcome').remove();
  });
  document.body.addEventListener('linyu:pick', ({ detail }) => {
    const rows = [...list.querySelectorAll('[data-row]')];
    const row = rows.find(each => each === document.activeElement) ?? rows.find(each => each.hasAttribute('data-at'))
      ?? rows.find(each => each.hasAttribute('aria-current'));
    const box = row?.parentElement.querySelector('[data-pick]');
    if (box) pick(box, detail.range || !box.checked, detail.range);
  });
  document.body.addEventListener('htmx:afterSwap', show);
  // It was done: the list as it is now, and nothing picked.
  document.body.addEventListener('linyu:list', () => {
    picked.clear();
    show();
    for (const dialog of document.querySelectorAll('dialog[open][id^="several-"]')) {
      dialog.close();
      for (const field of dialog.querySelectorAll('textarea')) field.value = '';
    }
    htmx.ajax('GET', '/console/cases' + location.search, { target: '#rows', swap: 'outerHTML' });
  });
})();
