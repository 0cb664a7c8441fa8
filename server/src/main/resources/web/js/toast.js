// Says the result of an action for a while, with a way back where there is one; and what went wrong.
(() => {
  const box = document.getElementById('toasts');
  if (!box) return;
  const LASTS = 8000;

  const fade = toast => {
    let timer = setTimeout(() => toast.remove(), LASTS);
    toast.addEventListener('mouseenter', () => clearTimeout(timer));
    toast.addEventListener('mouseleave', () => { timer = setTimeout(() => toast.remove(), LASTS / 2); });
  };
  const button = (words, act) => {
    const made = document.createElement('button');
    made.type = 'button';
    made.textContent = words;
    made.addEventListener('click', act);
    return made;
  };
  const show = (text, { undo, bad } = {}) => {
    const toast = document.createElement('div');
    toast.className = bad ? 'notice bad' : 'notice'; // Tabler hides whatever is called toast
    const words = document.createElement('span');
    words.textContent = text;
    toast.append(words);
    if (undo) {
      toast.append(button(box.dataset.undo, () => {
        toast.remove();
        // Where no case is open, the answer says itself where it belongs.
        htmx.ajax(undo.method, undo.url, { target: document.getElementById('case') ?? document.body, swap: 'none', values: undo.fields });
      }));
    } else if (bad) {
      toast.append(button(box.dataset.close, () => toast.remove()));
    }
    box.append(toast);
    while (box.children.length > 3) box.firstElementChild.remove();
    fade(toast);
  };

  for (const toast of box.children) fade(toast);
  if (location.search.includes('done=')) {
    const url = new URL(location.href);
    document.body.dataset.done = url.searchParams.get('done'); // for those who look after us
    url.searchParams.delete('done');
    history.replaceState(history.state, '', url);
  }
  document.body.addEventListener('linyu:toast', event => show(event.detail.text, event.detail));
  document.body.addEventListener('htmx:responseError', event => {
    const { xhr } = event.detail;
    if (xhr.getResponseHeader('HX-Redirect')) return;
    const said = (xhr.getResponseHeader('Content-Type') || '').startsWith('text/plain') && xhr.responseText;
    show(said || box.dataset.failed, { bad: true });
    if (xhr.status === 409) document.body.dispatchEvent(new CustomEvent('linyu:refused'));
  });
  document.body.addEventListener('htmx:sendError', event => {
    if (event.detail.requestConfig.verb !== 'get') show(box.dataset.away, { bad: true });
  });
})();
