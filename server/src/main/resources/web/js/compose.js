// One place to write: to the resident, or a note for colleagues.
document.addEventListener('click', event => {
  const mode = event.target.closest('[data-mode]');
  if (!mode) return;
  for (const each of document.querySelectorAll('[data-mode]')) {
    each.setAttribute('aria-pressed', String(each === mode));
    document.getElementById(each.dataset.mode + '-form').hidden = each !== mode;
  }
  document.getElementById(mode.dataset.mode + '-text').focus();
});
