// What is being written stays until it was sent: with the server, so that it is there on every device and after a lost session;
// and on this device as long as the server has not got it, under the name of whoever wrote it: others may sit here next.
(() => {
  const ALL = 'linyu-draft:';
  const MINE = ALL + document.body.dataset.me + ':';
  const key = field => MINE + field.dataset.draft;
  const token = JSON.parse(document.body.getAttribute('hx-headers') ?? '{}');
  const waiting = new Map();
  // Of a page that has several cases, and one address for all that is written there.
  const part = (url, kind, code, text) => new URLSearchParams(url && code ? { kind, case: code, text } : { kind, text });
  const restore = root => {
    for (const field of root.querySelectorAll('[data-draft]')) {
      field.value = localStorage.getItem(key(field)) ?? field.value;
      if (field.dataset.kind) field.dataset.kept = String(field.value.trim() !== '');
    }
  };
  const stop = field => {
    const one = waiting.get(field.dataset.draft);
    clearTimeout(one?.timer);
    one?.asked.abort();
    waiting.delete(field.dataset.draft);
  };
  const save = async (field, asked, keepalive) => {
    const { value } = field;
    const { draft, case: code, kind, url } = field.dataset;
    try {
      const answer = await fetch(url ?? `/console/cases/${code}/draft`, {
        method: 'POST', headers: token, body: part(url, kind, code, value), signal: asked.signal, keepalive,
      });
      if (!answer.ok || localStorage.getItem(MINE + draft) !== value) return;
      localStorage.removeItem(MINE + draft);
      // The list says for which there is something.
      const kept = String(value.trim() !== '');
      if (field.dataset.kept !== kept) {
        field.dataset.kept = kept;
        document.body.dispatchEvent(new CustomEvent('linyu:draft-' + code));
      }
    } catch {
      // It is still here, and goes with the next.
    }
  };
  document.addEventListener('input', event => {
    const field = event.target;
    if (field.dataset?.draft === undefined) return;
    if (!field.dataset.kind && field.value.trim() === '') {
      localStorage.removeItem(key(field));
      return;
    }
    localStorage.setItem(key(field), field.value);
    if (!field.dataset.kind) return;
    stop(field);
    const asked = new AbortController();
    waiting.set(field.dataset.draft, { asked, field, timer: setTimeout(() => save(field, asked, false), 600) });
  });
  // What is ticked or chosen belongs to what is being written.
  document.addEventListener('change', ({ target }) => {
    const { marks, case: code, url } = target.dataset ?? {};
    if (marks === undefined) return;
    const text = target.type === 'checkbox' ? (target.checked ? 'on' : '') : target.value;
    fetch(url, { method: 'POST', headers: token, body: part(url, marks, code, text), keepalive: true }).catch(() => {});
  });
  addEventListener('pagehide', () => {
    for (const { asked, field, timer } of waiting.values()) {
      clearTimeout(timer);
      if (localStorage.getItem(key(field)) !== null) save(field, asked, true);
    }
  });
  // What is on its way to be sent is no draft any more.
  document.body.addEventListener('htmx:beforeRequest', event => {
    const form = event.detail.elt;
    if (form.tagName === 'FORM') form.querySelectorAll('[data-draft]').forEach(stop);
  });
  // Sent by a script: forgotten when the server has it. Sent by a plain form: the page that comes back says so.
  document.body.addEventListener('htmx:beforeSwap', event => {
    const form = event.detail.requestConfig?.elt;
    if (event.detail.xhr.status < 300 && form?.tagName === 'FORM') {
      for (const field of form.querySelectorAll('[data-draft]')) {
        localStorage.removeItem(key(field));
        if (field.dataset.kind) document.body.dispatchEvent(new CustomEvent('linyu:draft-' + field.dataset.case));
      }
    }
  });
  document.addEventListener('submit', event => {
    const fields = [...event.target.querySelectorAll?.('[data-draft]') ?? []];
    if (fields.length > 0) sessionStorage.setItem('linyu-sent', fields.map(key).join('\n'));
  });
  if (document.body.dataset.done !== undefined) {
    for (const each of (sessionStorage.getItem('linyu-sent') ?? '').split('\n')) localStorage.removeItem(each);
  }
  const names = prefix => Object.keys(localStorage).filter(each => each.startsWith(prefix));
  // Of a release before, and nobody knows whose.
  for (const each of names(ALL)) if (!each.slice(ALL.length).includes(':')) localStorage.removeItem(each);
  // Whoever signs out is asked about what the server has not got, and leaves nothing of it behind. What can still go to it, goes.
  document.body.addEventListener('linyu:leaving', event => event.detail.push((async () => {
    const saves = [...waiting.values()].map(({ asked, field, timer }) => {
      clearTimeout(timer);
      return save(field, asked, true);
    });
    await Promise.race([Promise.all(saves), new Promise(done => setTimeout(done, 2000))]);
    return names(MINE).length;
  })()));
  const forget = () => {
    for (const { asked, timer } of waiting.values()) {
      clearTimeout(timer);
      asked.abort();
    }
    waiting.clear();
    for (const each of names(MINE)) localStorage.removeItem(each);
  };
  document.body.addEventListener('linyu:left', forget);
  // Where a browser keeps nothing else, nobody asks.
  document.addEventListener('submit', event => {
    if (event.target.getAttribute('action') === '/console/session/end') forget();
  });
  restore(document);
  document.body.addEventListener('htmx:afterSettle', event => restore(event.target));
})();
