// Opens dialogs, and closes menus when one clicks elsewhere.
document.addEventListener('click', event => {
  const opener = event.target.closest('[data-opens]');
  if (opener) {
    const dialog = document.getElementById(opener.dataset.opens);
    dialog?.showModal();
    dialog?.querySelector('textarea, select, input:not([type=hidden])')?.focus();
  }
  if (event.target.closest('[data-closes]')) event.target.closest('dialog')?.close();
  if (event.target.tagName === 'DIALOG') event.target.close();
  for (const menu of document.querySelectorAll('details[data-menu][open]')) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});
document.addEventListener('keydown', event => {
  if (event.key === 'Escape') document.querySelectorAll('details[data-menu][open]').forEach(menu => { menu.open = false; });
});
