// What was ordered is fetched at once; the browser shows it among its downloads, and the page how far it is.
document.body.addEventListener('htmx:afterSwap', ({ target }) => {
  const ordered = target.querySelector?.('[data-export]');
  if (!ordered) return;
  const { export: url } = ordered.dataset;
  delete ordered.dataset.export;
  const link = document.createElement('a');
  link.href = url;
  link.download = '';
  document.body.append(link);
  link.click();
  link.remove();
});
