// Recovery codes: onto paper, or into whatever keeps passwords. Where a browser can do neither, there are no buttons.
(() => {
  const codes = document.querySelector('.codes');
  const print = codes.querySelector('[data-print]');
  const copy = codes.querySelector('[data-copy]');
  print.hidden = false;
  print.addEventListener('click', () => window.print());
  if (!navigator.clipboard) return;
  copy.hidden = false;
  copy.addEventListener('click', async () => {
    const lines = [...codes.querySelectorAll('code')].map(each => each.textContent);
    await navigator.clipboard.writeText(lines.join('\n'));
    copy.textContent = codes.dataset.copied;
  });
})();
