// What staff write or photograph where there is no network stays on this device, and goes by itself when there is one: in order,
// each once, since each has a key by which the server knows it again. What the server refuses is said, and stays.
(() => {
  const bar = document.getElementById('unsent');
  if (!bar || !window.indexedDB) return;
  const { me } = document.body.dataset;
  const words = bar.dataset;
  const headers = JSON.parse(document.body.getAttribute('hx-headers'));
  const dialog = document.getElementById('unsent-dialog');
  const AGAIN = 5000;
  const LONGEST_SIDE = 1600;
  const MOST = 3;

  const say = (text, bad) => document.body.dispatchEvent(new CustomEvent('linyu:toast', { detail: { text, bad } }));
  const fresh = () => [...crypto.getRandomValues(new Uint8Array(16))].map(each => each.toString(16).padStart(2, '0')).join('');

  // Things: { order, me, state: begun, waiting or refused, kind, code, number, key, version, text, photos, why }.
  let opened;
  const open = () => new Promise((done, failed) => {
    const asked = indexedDB.open('linyu-outdoors', 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore('things', { keyPath: 'order', autoIncrement: true });
    asked.onsuccess = () => done(asked.result);
    asked.onerror = () => failed(asked.error);
  });
  const store = async (mode, act) => {
    const db = await (opened ??= open());
    return new Promise((done, failed) => {
      const tx = db.transaction('things', mode, { durability: 'strict' });
      const asked = act(tx.objectStore('things'));
      tx.oncomplete = () => done(asked.result);
      tx.onabort = () => failed(tx.error);
    });
  };
  const all = () => store('readonly', things => things.getAll());
  const mine = async state => (await all()).filter(each => each.me === me && (!state || each.state === state));
  const put = thing => store('readwrite', things => things.put(thing));
  const remove = thing => store('readwrite', things => things.delete(thing.order));
  const begun = async code => (await mine('begun')).find(each => each.code === code);

  // What stands in the bar.
  const others = 'BroadcastChannel' in window ? new BroadcastChannel('linyu-outdoors') : null;
  let waiting = 0;
  let liveOff = false;
  let out = false;
  const isOffline = () => !navigator.onLine || liveOff;
  const show = async () => {
    const things = await all();
    waiting = things.filter(each => each.me === me && each.state === 'waiting').length;
    const refused = things.filter(each => each.me === me && each.state === 'refused').length;
    const theirs = things.filter(each => each.me !== me && each.state !== 'begun').length;
    const says = [];
    if (isOffline()) says.push(words.offline);
    if (waiting > 0) says.push(words.waiting.replace('#', waiting));
    if (refused > 0) says.push(words.refused.replace('#', refused));
    if (theirs > 0) says.push(words.others.replace('#', theirs));
    if (out && waiting > 0) says.push(words.out);
    bar.querySelector('[data-says]').textContent = says.join(' · ');
    bar.querySelector('[data-look]').hidden = waiting + refused === 0;
    bar.querySelector('[data-again]').hidden = !(out && waiting > 0);
    bar.hidden = says.length === 0;
    if (dialog.open) list(things);
  };
  const changed = () => {
    others?.postMessage('changed');
    return show();
  };
  others?.addEventListener('message', show);

  const list = things => {
    const place = dialog.querySelector('[data-things]');
    const one = dialog.querySelector('template').content.firstElementChild;
    place.replaceChildren(...things.filter(each => each.me === me && each.state !== 'begun').map(thing => {
      const line = one.cloneNode(true);
      const part = name => line.querySelector(`[data-${name}]`);
      part('number').textContent = thing.number;
      part('number').href = '/console/cases/' + thing.code;
      part('kind').textContent = part('kind').dataset[thing.kind];
      part('photos-of').textContent = thing.photos.length > 0 ? part('photos-of').dataset.photosOf.replace('#', thing.photos.length) : '';
      part('text').textContent = thing.text;
      part('why').hidden = thing.state !== 'refused';
      part('why').textContent = thing.why ?? '';
      line.querySelector('[data-do=again]').hidden = thing.state !== 'refused';
      line.querySelector('[data-do=note]').hidden = thing.state !== 'refused' || thing.kind !== 'answer';
      line.addEventListener('click', event => act(thing, event.target.closest('[data-do]')));
      return line;
    }));
    if (!place.firstChild) dialog.close();
  };
  const act = async (thing, button) => {
    if (!button) return;
    if (button.dataset.do === 'drop') {
      if (button.dataset.asked) await remove(thing);
      else {
        button.dataset.asked = 'yes';
        button.textContent = button.dataset.sure;
        return;
      }
    } else if (button.dataset.do === 'note') {
      await put({ ...thing, state: 'waiting', kind: 'note', why: null });
    } else {
      await put({ ...thing, state: 'waiting', why: null, version: thing.kind === 'answer' ? await versionOf(thing) : null });
    }
    await changed();
    flush();
  };
  // As the case is now: whoever presses it has seen what the server said.
  const versionOf = async thing => {
    try {
      const answer = await fetch('/console/cases/' + thing.code);
      const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
      return Number(page.querySelector('#answer-form [name=version]')?.value) || thing.version;
    } catch {
      return thing.version;
    }
  };
  document.addEventListener('click', async event => {
    if (event.target.closest('[data-opens="unsent-dialog"]')) list(await all());
  });

  // Sending.
  const text64 = blob => new Promise((done, failed) => {
    const reader = new FileReader();
    reader.onload = () => done(reader.result.slice(reader.result.indexOf(',') + 1));
    reader.onerror = () => failed(reader.error);
    reader.readAsDataURL(blob);
  });
  const send = async thing => {
    const { key, kind, version, text, along } = thing;
    const photos = await Promise.all(thing.photos.map(async each => ({ picture: await text64(each.picture), taken: each.taken, spot: each.spot })));
    let answer;
    try {
      answer = await fetch(`/console/cases/${thing.code}/things`, {
        method: 'POST', redirect: 'manual', signal: AbortSignal.timeout(60000),
        headers: { ...headers, 'HX-Request': 'true', 'Content-Type': 'application/json' },
        body: JSON.stringify({ key, kind, version, text, photos, along: kind === 'answer' ? along : [] }),
      });
    } catch {
      return { later: true };
    }
    if (answer.ok) return { sent: true };
    const outdated = answer.status === 403 && answer.headers.get('X-Linyu-Refusal') === 'form-outdated';
    if (answer.status === 401 || answer.type === 'opaqueredirect' || outdated) return { out: true };
    if (answer.status >= 500 || answer.status === 429 || answer.status === 408) return { later: true };
    return { why: (await answer.text()) || String(answer.status) };
  };
  const go = async () => {
    let sent = 0;
    for (const thing of await mine('waiting')) {
      const answer = await send(thing);
      out = answer.out === true;
      if (answer.later || answer.out) break;
      if (answer.sent) {
        await remove(thing);
        sent++;
        document.body.dispatchEvent(new CustomEvent('live:case-' + thing.code));
      } else {
        await put({ ...thing, state: 'refused', why: answer.why });
      }
      await changed();
    }
    if (sent > 0) say(words.sent.replace('#', sent));
  };
  let flushing = false;
  const flush = async () => {
    if (flushing) return;
    flushing = true;
    try {
      await (navigator.locks ? navigator.locks.request('linyu-outdoors', { ifAvailable: true }, lock => lock && go()) : go());
    } finally {
      flushing = false;
      await show();
    }
  };
  setInterval(() => { if (waiting > 0) flush(); }, AGAIN);
  addEventListener('online', () => show().then(flush));
  addEventListener('offline', show);
  document.body.addEventListener('live:off', () => { liveOff = true; show(); });
  document.body.addEventListener('live:on', () => { liveOff = false; show().then(flush); });

  // From the form to the device.
  const keep = async form => {
    const field = form.elements.text;
    const { thing: kind, case: code, number } = form.dataset;
    const taken = kind === 'note' ? await begun(code) : null;
    const thing = {
      me, state: 'waiting', kind, code, number, key: form.elements.key.value || fresh(), text: field.value,
      version: Number(form.elements.version?.value) || null, photos: taken?.photos ?? [], why: null,
      along: kind === 'answer' ? [...form.querySelectorAll('[name=enclosure]')].map(each => each.value) : [],
    };
    try {
      // In the place of what was begun, but behind what was sent off before.
      await store('readwrite', things => {
        if (taken) things.delete(taken.order);
        return things.put(thing);
      });
    } catch {
      say(words.full, true);
      return false;
    }
    form.elements.key.value = '';
    field.value = '';
    field.dispatchEvent(new Event('input', { bubbles: true })); // it is no draft any more
    await thumbs(form);
    await changed();
    return true;
  };
  document.addEventListener('submit', event => {
    const form = event.target;
    if (form.getAttribute('action') === '/console/session/end') {
      leave(event, form);
      return;
    }
    if (!form.dataset.thing) return;
    form.elements.key.value ||= fresh();
    // Behind what is waiting already; pictures always go this way.
    if (waiting > 0 || isOffline() || form.querySelector('.thumbs li')) {
      event.preventDefault();
      event.stopPropagation();
      const offline = isOffline();
      keep(form).then(kept => {
        if (kept && offline) say(words.kept);
        if (kept) flush();
      });
    }
  }, true);
  // It was on its way when the network went, and may have arrived: it goes again under the same key.
  for (const name of ['htmx:sendError', 'htmx:timeout']) {
    document.addEventListener(name, event => {
      const form = event.detail.elt;
      // A row of a list that was kept leads to the page that was kept.
      if (form?.matches?.('a[data-row]') && navigator.serviceWorker?.controller) location.assign(form.href);
      if (!form?.dataset?.thing) return;
      event.stopPropagation();
      keep(form).then(kept => { if (kept) say(words.kept); });
    }, true);
  }

  // Photos are made smaller here, and kept at once: a telephone may end the page while the next one is taken.
  const smaller = async file => {
    const picture = await createImageBitmap(file, { imageOrientation: 'from-image' });
    const scale = Math.min(1, LONGEST_SIDE / Math.max(picture.width, picture.height));
    const canvas = document.createElement('canvas');
    canvas.width = Math.max(1, Math.round(picture.width * scale));
    canvas.height = Math.max(1, Math.round(picture.height * scale));
    canvas.getContext('2d').drawImage(picture, 0, 0, canvas.width, canvas.height);
    picture.close();
    return new Promise((done, failed) => canvas.toBlob(blob => blob ? done(blob) : failed(new Error('no picture')), 'image/jpeg', 0.82));
  };
  const spot = form => form.querySelector('[data-place]').checked && navigator.geolocation ? new Promise(done => {
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => done({ latitude: coords.latitude, longitude: coords.longitude, accuracy: Math.round(coords.accuracy) }),
      () => { say(words.noPlace); done(null); },
      { enableHighAccuracy: true, timeout: 10000, maximumAge: 60000 });
  }) : Promise.resolve(null);
  const thumbs = async form => {
    const place = form.querySelector('[data-thumbs]');
    if (!place) return;
    const thing = await begun(form.dataset.case);
    const photos = thing?.photos ?? [];
    form.elements.text.required = photos.length === 0;
    const lines = await Promise.all(photos.map(async photo => {
      const picture = await createImageBitmap(photo.picture);
      const canvas = document.createElement('canvas');
      canvas.height = 128;
      canvas.width = Math.max(1, Math.round(picture.width * 128 / picture.height));
      canvas.getContext('2d').drawImage(picture, 0, 0, canvas.width, canvas.height);
      const not = document.createElement('button');
      not.type = 'button';
      not.textContent = '×';
      not.setAttribute('aria-label', place.dataset.remove);
      not.addEventListener('click', async () => {
        const left = photos.filter(each => each !== photo);
        await (left.length > 0 ? put({ ...thing, photos: left }) : remove(thing));
        await thumbs(form);
      });
      const line = document.createElement('li');
      line.append(canvas, not);
      return line;
    }));
    place.replaceChildren(...lines);
  };
  document.addEventListener('change', async event => {
    if (!event.target.matches('[data-take]')) return;
    const { form } = event.target;
    const [file] = event.target.files;
    const { case: code, number } = form.dataset;
    if (!file) return;
    let picture;
    try {
      picture = await smaller(file);
    } catch {
      say(words.unreadable, true);
      return;
    } finally {
      event.target.value = '';
    }
    const taken = new Date().toISOString();
    const photo = { picture, taken, spot: await spot(form) };
    const thing = await begun(code) ?? { me, state: 'begun', kind: 'note', code, number, photos: [], text: '' };
    if (thing.photos.length >= MOST) {
      say(words.many, true);
      return;
    }
    try {
      await put({ ...thing, photos: [...thing.photos, photo] });
    } catch {
      say(words.full, true);
    }
    await thumbs(form);
  });
  const dress = () => {
    for (const photos of document.querySelectorAll('[data-photos][hidden]')) {
      photos.hidden = false;
      thumbs(photos.closest('form'));
    }
  };
  document.body.addEventListener('htmx:afterSettle', dress);

  // Whoever leaves takes nothing along that nobody else may see, and is told of what would be lost.
  const forget = async () => {
    for (const thing of await mine()) await remove(thing);
    await window.caches?.delete('linyu-pages');
  };
  const leave = (event, form) => {
    event.preventDefault();
    event.stopPropagation();
    const end = () => forget().catch(() => {}).then(() => form.submit());
    mine().catch(() => []).then(left => {
      if (left.length === 0) {
        end();
        return;
      }
      const leaving = document.getElementById('leaving-dialog');
      leaving.querySelector('[data-leaves]').onclick = end;
      leaving.showModal();
    });
  };

  // On a telephone the pages looked at lately open without a network, too.
  const worker = navigator.serviceWorker;
  if (worker && matchMedia('(max-width: 900px)').matches) {
    const remember = () => {
      const loaded = performance.getEntriesByType('resource').map(each => new URL(each.name)).filter(each => each.origin === location.origin);
      const paths = is => [...new Set(loaded.filter(is).map(each => each.pathname + each.search))];
      worker.ready.then(({ active }) => active.postMessage({
        keep: location.pathname + location.search,
        parts: paths(each => /^\/console\/conversations\/\d+$/.test(each.pathname)).slice(-1),
        files: paths(each => each.pathname.startsWith('/web/') && each.searchParams.has('v')),
      }));
    };
    worker.register(words.worker, { scope: '/console/' }).then(remember, () => {});
    document.body.addEventListener('htmx:pushedIntoHistory', remember);
  }

  dress();
  show().then(flush);
})();
