// The address names only what narrows a list, so that it can be read, sent and kept.
(() => {
  document.addEventListener('submit', event => {
    if (!event.target.matches('[data-filters]')) return;
    for (const field of event.target.elements) if (field.name && field.value === '') field.disabled = true;
    // Whoever comes back finds them as they were.
    setTimeout(() => { for (const field of event.target.elements) field.disabled = false; });
  });
  document.getElementById('filters')?.addEventListener('toggle', event => {
    if (event.target.open) event.target.querySelector('input:not([type=hidden]), select')?.focus();
  });
  document.addEventListener('keydown', event => {
    const filters = event.target.closest?.('#filters[open]');
    if (event.key === 'Escape' && filters) {
      filters.open = false;
      filters.querySelector('summary').focus();
    }
  });
})();
