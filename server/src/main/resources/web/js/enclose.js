// What is sent along: chosen, dropped or pasted files go to the server one by one, each with its progress, and come back as what
// waits beside the answer. A file that did not arrive stays here, to be tried again or left out, and nothing is sent without it
// unasked. Without this they go with the form itself.
(() => {
  const token = JSON.parse(document.body.getAttribute('hx-headers') ?? '{}');
  // Files: { url, file, state: waiting, going or failed, part, why, stop }.
  let files = [];
  let going = false;

  const fieldOf = url => [...document.querySelectorAll('[data-encloses]')].find(each => each.dataset.encloses === url);
  const here = () => {
    const field = document.querySelector('[data-encloses]');
    return field ? files.filter(each => each.url === field.dataset.encloses) : [];
  };
  // Where they stand: beside the answer, and in the closing, with which they go, too.
  const places = () => [...document.querySelectorAll('[data-enclosing]')];

  const line = (one, pattern, words) => {
    const made = pattern.content.firstElementChild.cloneNode(true);
    const part = name => made.querySelector(`[data-${name}]`);
    part('name').textContent = (one.state === 'failed' ? words.failed : words.sends).replace('{0}', one.file.name);
    part('why').textContent = one.why ?? '';
    part('part').hidden = one.state === 'failed';
    part('part').value = one.part;
    part('again').hidden = one.state !== 'failed';
    part('again').addEventListener('click', () => {
      Object.assign(one, { state: 'waiting', part: 0, why: null });
      show();
      next();
    });
    part('out').addEventListener('click', () => {
      one.stop?.abort(new Error('left out'));
      files = files.filter(each => each !== one);
      show();
      document.getElementById('answer-text')?.focus();
    });
    one.bars.push(part('part'));
    return made;
  };
  const show = () => {
    const those = here();
    for (const one of those) one.bars = [];
    for (const place of places()) {
      const pattern = place.querySelector('template');
      const lines = those.map(one => line(one, pattern, place.dataset));
      place.querySelector('ul').replaceChildren(...lines);
      place.hidden = lines.length === 0;
      const button = place.closest('form').querySelector('.btn-primary');
      if (lines.length > 0) button.dataset.waits = 'yes';
      if (button.dataset.waits) button.disabled = lines.length > 0;
      if (lines.length === 0) delete button.dataset.waits;
    }
  };

  const post = async one => {
    const body = new FormData();
    body.append('files', one.file, one.file.name);
    const xhr = await upload(one.url, {
      body, bytes: one.file.size, headers: { ...token, 'HX-Request': 'true' }, signal: one.stop.signal,
      progress: part => {
        one.part = part;
        for (const bar of one.bars) bar.value = part;
      },
    });
    const to = xhr.getResponseHeader('HX-Redirect');
    if (to) location.assign(to);
    else if (xhr.status < 300) return xhr.responseText;
    throw new Error((xhr.getResponseHeader('Content-Type') ?? '').startsWith('text/plain') ? xhr.responseText : '');
  };
  const next = async () => {
    const one = going ? undefined : files.find(each => each.state === 'waiting');
    if (!one) return;
    going = true;
    one.state = 'going';
    one.stop = new AbortController();
    show();
    try {
      const html = await post(one);
      files = files.filter(each => each !== one);
      // Of another case by now: it is shown when that is opened again.
      if (fieldOf(one.url)) {
        htmx.swap(document.body, html, { swapStyle: 'none' });
        document.body.dispatchEvent(new CustomEvent('linyu:enclosed'));
      }
    } catch (failed) {
      // One that was left out is not among them any more.
      Object.assign(one, { state: 'failed', why: one.stop.signal.aborted ? null : failed.message });
    }
    going = false;
    show();
    next();
  };
  const send = (field, chosen) => {
    for (const file of chosen) files.push({ url: field.dataset.encloses, file, state: 'waiting', part: 0, bars: [] });
    show();
    next();
  };

  document.addEventListener('change', event => {
    const field = event.target.closest?.('[data-encloses]');
    if (!field) return;
    const chosen = [...field.files];
    field.value = '';
    send(field, chosen);
  });
  const fieldFor = target => target.closest?.('.answer-form')?.querySelector('[data-encloses]');
  document.addEventListener('paste', event => {
    const field = fieldFor(event.target);
    const pasted = [...(event.clipboardData?.files ?? [])];
    if (!field || pasted.length === 0) return;
    event.preventDefault();
    send(field, pasted);
  });
  document.addEventListener('dragover', event => {
    if (fieldFor(event.target) && event.dataTransfer?.types.includes('Files')) event.preventDefault();
  });
  document.addEventListener('drop', event => {
    const field = fieldFor(event.target);
    if (!field || !event.dataTransfer?.files.length) return;
    event.preventDefault();
    send(field, [...event.dataTransfer.files]);
  });
  // Keys press no button, so they do not ask whether it may be pressed.
  document.addEventListener('submit', event => {
    const place = event.target.querySelector?.('[data-enclosing]');
    if (!place || here().length === 0) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    place.querySelector('button:not([hidden])')?.focus();
  }, true);
  // The form may have come anew, or be that of another case.
  document.body.addEventListener('htmx:afterSettle', show);
  document.body.addEventListener('htmx:afterRequest', event => {
    if (event.detail.pathInfo?.requestPath?.includes('/enclosures/')) document.body.dispatchEvent(new CustomEvent('linyu:enclosed'));
  });
  addEventListener('beforeunload', event => {
    if (files.length > 0) event.preventDefault();
  });
})();
