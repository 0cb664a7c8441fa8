// What is being written stays on this device until it was sent: a closed tab or a lost session takes nothing with it.
(() => {
  const key = field => 'linyu-draft:' + field.dataset.draft;
  const restore = root => {
    for (const field of root.querySelectorAll('[data-draft]')) {
      if (field.value === '') field.value = localStorage.getItem(key(field)) ?? '';
    }
  };
  document.addEventListener('input', event => {
    const field = event.target;
    if (field.dataset?.draft === undefined) return;
    if (field.value.trim() === '') localStorage.removeItem(key(field));
    else localStorage.setItem(key(field), field.value);
  });
  // Sent by a script: forgotten when the server has it. Sent by a plain form: the page that comes back says so.
  document.body.addEventListener('htmx:beforeSwap', event => {
    const form = event.detail.requestConfig?.elt;
    if (event.detail.xhr.status < 300 && form?.tagName === 'FORM') {
      for (const field of form.querySelectorAll('[data-draft]')) localStorage.removeItem(key(field));
    }
  });
  document.addEventListener('submit', event => {
    const field = event.target.querySelector?.('[data-draft]');
    if (field) sessionStorage.setItem('linyu-sent', key(field));
  });
  if (new URLSearchParams(location.search).has('done')) {
    localStorage.removeItem(sessionStorage.getItem('linyu-sent'));
  }
  restore(document);
  document.body.addEventListener('htmx:afterSettle', event => restore(event.target));
})();
