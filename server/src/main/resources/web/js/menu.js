// Opens dialogs, and closes menus when one clicks elsewhere.
(() => {
  // What the page is fetched anew for: its buttons may have changed under a pen that its dialogs leave alone.
  let wanted = null;
  const open = dialog => {
    wanted = null;
    dialog.showModal();
    dialog.querySelector('textarea, select, input:not([type=hidden])')?.focus();
  };

  document.addEventListener('click', event => {
    const opener = event.target.closest('[data-opens]');
    if (opener) {
      const dialog = document.getElementById(opener.dataset.opens);
      if (dialog) {
        open(dialog);
      } else {
        wanted = opener.dataset.opens;
        document.body.dispatchEvent(new CustomEvent('linyu:refused'));
      }
    }
    if (event.target.closest('[data-closes]')) event.target.closest('dialog')?.close();
    if (event.target.tagName === 'DIALOG') event.target.close();
    for (const menu of document.querySelectorAll('details[data-menu][open]')) {
      if (!menu.contains(event.target)) menu.open = false;
    }
  });
  document.addEventListener('htmx:oobAfterSwap', () => {
    const dialog = wanted && document.getElementById(wanted);
    if (dialog) open(dialog);
  });
  document.addEventListener('keydown', event => {
    if (event.key === 'Escape') document.querySelectorAll('details[data-menu][open]').forEach(menu => { menu.open = false; });
  });
})();
