// Puts a canned reply into the answer that is being written, and words for a reason that was chosen where nothing else is written; what could not
// be filled in is shown to be filled by hand.
(() => {
  const blank = /\{(称呼|编号|期限|工作人员|社区|单位|电话|渠道|答复|内容|原因|name|number|due|staff|community|office|phone|channel|reply|contents|reason)\}/;
  const answer = () => document.getElementById('answer-text');
  const dialog = () => document.getElementById('replies-dialog');
  const buttons = () => [...(dialog()?.querySelectorAll('[data-reply]') ?? [])].filter(each => !each.parentElement.hidden);

  const showBlank = field => {
    const found = blank.exec(field.value);
    if (found) field.setSelectionRange(found.index, found.index + found[0].length);
    return found;
  };
  const check = field => field.setCustomValidity(blank.test(field.value) ? field.dataset.unfilled.replace('#', blank.exec(field.value)[0]) : '');
  const open = () => {
    const opener = document.querySelector('[data-opens="replies-dialog"]');
    opener?.click();
    return opener;
  };
  document.addEventListener('input', event => {
    const field = event.target;
    if (field.id === 'answer-text') {
      // Where nothing is written yet, it asks for them.
      if (field.value === '/' && open()) field.value = '';
    }
    if (field.dataset?.unfilled) check(field);
    if (field.id === 'replies-find') {
      for (const each of dialog().querySelectorAll('[data-reply]')) each.parentElement.hidden = !each.textContent.includes(field.value.trim());
    }
  });
  document.addEventListener('change', event => {
    const chosen = event.target;
    const field = chosen.dataset?.fills && document.getElementById(chosen.dataset.fills);
    if (!field) return;
    const offered = [...chosen.form.querySelectorAll('[data-fills]')].map(each => each.dataset.text);
    // What somebody has written themselves stays.
    if (field.value.trim() && !offered.includes(field.value)) return;
    field.value = chosen.dataset.text;
    field.dispatchEvent(new Event('input', { bubbles: true }));
    // With the keyboard one goes through the reasons; the words are not jumped to.
    if (event.isTrusted && !chosen.matches(':focus-visible')) {
      field.focus();
      showBlank(field);
    }
  });
  document.addEventListener('click', event => {
    const chosen = event.target.closest('[data-reply]');
    if (!chosen) return;
    const field = answer();
    dialog().close();
    field.setRangeText(chosen.dataset.reply, field.selectionStart, field.selectionEnd, 'end');
    field.focus();
    field.dispatchEvent(new Event('input', { bubbles: true }));
    showBlank(field);
  });
  document.addEventListener('keydown', event => {
    if (!event.target.closest?.('#replies-dialog')) return;
    const all = buttons();
    const at = all.indexOf(document.activeElement);
    if (event.key === 'Enter' && event.target.id === 'replies-find') {
      event.preventDefault();
      all[0]?.click();
    } else if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      all[Math.max(0, Math.min(all.length - 1, at + (event.key === 'ArrowDown' ? 1 : -1)))]?.focus();
    }
  });
  document.addEventListener('invalid', event => {
    if (event.target.dataset?.unfilled) showBlank(event.target);
  }, true);
  // A draft that comes back may have such a place in it.
  const checkAll = () => document.querySelectorAll('[data-unfilled]').forEach(check);
  document.body.addEventListener('htmx:afterSettle', checkAll);
  checkAll();
})();
