// Where the views of the inbox stand in one line, it stays where it was when its counts change, and a mouse wheel moves it.
(() => {
  const line = () => document.getElementById('tabs');
  let at = 0;
  // Not asked for at a swap: news brings the tabs out of band, which is not announced as a swap of theirs.
  document.addEventListener('scroll', ({ target }) => {
    if (target.id === 'tabs') at = target.scrollLeft;
  }, true);
  document.body.addEventListener('htmx:afterSettle', ({ target }) => {
    if (target.id === 'tabs') target.scrollLeft = at;
  });
  document.addEventListener('wheel', event => {
    const tabs = event.target.closest('#tabs');
    if (!tabs || event.deltaX !== 0 || tabs.scrollWidth <= tabs.clientWidth) return;
    tabs.scrollLeft += event.deltaY;
    event.preventDefault();
  }, { passive: false });
  line()?.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  at = line()?.scrollLeft ?? 0;
})();
