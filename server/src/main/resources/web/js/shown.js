// What could not be sent was read here: said once a person has the page before them. Without a script there is a button.
(() => {
  const form = document.getElementById('shown');
  form.hidden = true;
  const tell = () => {
    if (document.visibilityState !== 'visible') return;
    document.removeEventListener('visibilitychange', tell);
    fetch(form.action, { method: 'POST', body: new URLSearchParams(new FormData(form)), redirect: 'manual' })
      .catch(() => { form.hidden = false; });
  };
  document.addEventListener('visibilitychange', tell);
  tell();
})();
