// One place to write: to the resident, or a note for colleagues.
document.addEventListener('click', event => {
  const mode = event.target.closest('[data-mode]');
  if (!mode) return;
  // The next step may be to answer: then another button of the page means the same.
  for (const each of document.querySelectorAll('.modes [data-mode]')) {
    const chosen = each.dataset.mode === mode.dataset.mode;
    each.setAttribute('aria-pressed', String(chosen));
    document.getElementById(each.dataset.mode + '-form').hidden = !chosen;
  }
  document.getElementById(mode.dataset.mode + '-text').focus();
});
