// What staff write or photograph where there is no network stays on this device, and goes by itself when there is one: in order,
// each once, since each has a key by which the server knows it again. What the server refuses is said, and stays. Over a slow network
// it takes its time; what did not get through lets other cases go first.
(() => {
  const bar = document.getElementById('unsent');
  if (!bar || !window.indexedDB) return;
  const { me } = document.body.dataset;
  const words = bar.dataset;
  const headers = JSON.parse(document.body.getAttribute('hx-headers'));
  const dialog = document.getElementById('unsent-dialog');
  const AGAIN = 5000;
  const LONGEST_PAUSE = 120000;
  const FOR_A_PLACE = 3000;
  const LONGEST_SIDE = 1600;
  const MOST = 3;

  const say = (text, bad) => document.body.dispatchEvent(new CustomEvent('linyu:toast', { detail: { text, bad } }));
  const fresh = () => [...crypto.getRandomValues(new Uint8Array(16))].map(each => each.toString(16).padStart(2, '0')).join('');

  // Things: { order, me, state: begun, waiting or refused, kind, code, number, key, version, text, photos, why, tries, at }, and
  // their photos: { id, picture, taken, spot }. `tries` were given up half-way, the last at `at`.
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
  const remove = thing => store('readwrite', things => things.delete(thing.order));
  // Reads and writes within one transaction: whatever else changes something meanwhile, here or in another tab, waits for it.
  const change = act => store('readwrite', things => {
    const asked = things.getAll();
    asked.onsuccess = () => act(asked.result, things);
    return asked;
  });
  const alter = ({ order }, how) => change((all, things) => {
    const thing = all.find(each => each.order === order);
    if (thing) things.put({ ...thing, ...how });
  });
  const isBegun = code => each => each.me === me && each.state === 'begun' && each.code === code;
  const begun = async code => (await all()).find(isBegun(code));

  // What stands in the bar.
  const others = 'BroadcastChannel' in window ? new BroadcastChannel('linyu-outdoors') : null;
  let waiting = 0;
  let unfinished = new Set();
  let liveOff = false;
  let out = false;
  let going = null;
  let flushing = false;
  let shown = 0;
  const isOffline = () => !navigator.onLine || liveOff;
  const show = async () => {
    const turn = ++shown;
    const things = await all();
    if (turn !== shown) return;
    const own = state => things.filter(each => each.me === me && each.state === state);
    waiting = own('waiting').length;
    unfinished = new Set(own('begun').map(each => each.code));
    const slow = own('waiting').filter(each => each.tries > 0).length;
    const refused = own('refused').length;
    const theirs = things.filter(each => each.me !== me).length;
    const says = [];
    const count = (text, many) => { if (many > 0) says.push(text.replace('#', many)); };
    if (isOffline()) says.push(words.offline);
    count(words.waiting, waiting);
    count(words.going, going?.said);
    if (!isOffline() && !going?.said) count(words.slow, slow);
    count(words.begun, own('begun').length);
    count(words.refused, refused);
    count(words.others, theirs);
    if (out && waiting > 0) says.push(words.out);
    bar.querySelector('.icon').toggleAttribute('hidden', !isOffline() && waiting === 0);
    bar.querySelector('[data-says]').textContent = says.join(' · ');
    bar.querySelector('[data-look]').hidden = waiting + refused + unfinished.size === 0;
    bar.querySelector('[data-now]').hidden = slow === 0 || out || flushing;
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
    place.replaceChildren(...things.filter(each => each.me === me).map(thing => {
      const line = one.cloneNode(true);
      const part = name => line.querySelector(`[data-${name}]`);
      part('number').textContent = thing.number;
      part('number').href = '/console/cases/' + thing.code;
      part('kind').textContent = part('kind').dataset[thing.kind];
      part('photos-of').textContent = thing.photos.length > 0 ? part('photos-of').dataset.photosOf.replace('#', thing.photos.length) : '';
      part('text').textContent = thing.text;
      part('begun').hidden = thing.state !== 'begun';
      part('slow').hidden = !(thing.state === 'waiting' && thing.tries > 0);
      part('slow').textContent = part('slow').textContent.replace('#', thing.tries);
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
      await alter(thing, { state: 'waiting', kind: 'note', why: null, tries: 0 });
    } else {
      await alter(thing, { state: 'waiting', why: null, tries: 0, version: thing.kind === 'answer' ? await versionOf(thing) : null });
    }
    await draw();
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
    const body = JSON.stringify({ key, kind, version, text, photos, along: kind === 'answer' ? along : [] });
    const one = { since: Date.now(), said: 0, stop: new AbortController() };
    going = one;
    let xhr;
    try {
      xhr = await upload(`/console/cases/${thing.code}/things`, {
        body, bytes: body.length, signal: one.stop.signal,
        headers: { ...headers, 'HX-Request': 'true', 'Content-Type': 'application/json' },
        progress: part => {
          const step = Math.floor(part / 5) * 5;
          if (step === one.said || Date.now() - one.since < 1000) return;
          one.said = step;
          show();
        },
      });
    } catch ({ moved }) {
      return { later: true, halfway: moved };
    } finally {
      going = null;
    }
    if (xhr.status === 204) return { sent: true };
    const outdated = xhr.status === 403 && xhr.getResponseHeader('X-Linyu-Refusal') === 'form-outdated';
    if (xhr.status === 401 || outdated) return { out: true };
    // Below 400 it is not the server who answers, but the network that wants something first.
    if (xhr.status >= 500 || xhr.status < 400 || xhr.status === 429 || xhr.status === 408) return { later: true, halfway: true };
    return { why: xhr.responseText || String(xhr.status) };
  };
  const isDue = ({ tries = 0, at = 0 }, hurry) => {
    const since = Date.now() - at;
    return tries === 0 || hurry === 'now' || (hurry === 'soon' && tries < 3)
      || since < 0 || since >= Math.min(AGAIN * 2 ** (tries - 1), LONGEST_PAUSE);
  };
  // Of a case nothing overtakes what was written before it. Among cases, whoever failed least goes first, then whoever failed long ago.
  const next = (things, hurry) => things
    .filter((each, i) => things.findIndex(other => other.code === each.code) === i && isDue(each, hurry))
    .sort((one, other) => (one.tries ?? 0) - (other.tries ?? 0) || (one.at ?? 0) - (other.at ?? 0) || one.order - other.order)[0];
  const go = async hurry => {
    let sent = 0;
    for (let thing = next(await mine('waiting'), hurry); thing; thing = next(await mine('waiting'), hurry)) {
      const answer = await send(thing);
      out = answer.out === true;
      if (answer.later) await alter(thing, { tries: (thing.tries ?? 0) + (answer.halfway ? 1 : 0), at: Date.now() });
      if (answer.later || answer.out) break;
      if (answer.sent) {
        await remove(thing);
        sent++;
        document.body.dispatchEvent(new CustomEvent('live:case-' + thing.code));
      } else {
        await alter(thing, { state: 'refused', why: answer.why });
      }
      await changed();
    }
    if (sent > 0) say(words.sent.replace('#', sent));
  };
  // In a hurry, it does not wait for its time: `now`, or `soon` unless it has failed often.
  const flush = async hurry => {
    if (flushing) return;
    flushing = true;
    try {
      await (navigator.locks ? navigator.locks.request('linyu-outdoors', { ifAvailable: true }, lock => lock && go(hurry)) : go(hurry));
    } finally {
      flushing = false;
      await show();
    }
  };
  setInterval(() => { if (waiting > 0) flush(); }, AGAIN);
  bar.querySelector('[data-now]').addEventListener('click', event => {
    event.target.hidden = true;
    flush('now');
  });
  addEventListener('online', () => show().then(() => flush('now')));
  addEventListener('offline', () => {
    going?.stop.abort(new Error('no network'));
    show();
  });
  document.body.addEventListener('live:off', () => { liveOff = true; show(); });
  document.body.addEventListener('live:on', () => {
    const back = liveOff;
    liveOff = false;
    show().then(() => flush(back ? 'soon' : undefined));
  });

  // What is being stored, and located, for a case: sending waits for it. Of these, `done` never fails.
  const storing = new Set();
  const placing = new Set();
  const during = (those, one) => {
    those.add(one);
    one.done.finally(() => those.delete(one));
  };
  const of = (those, code) => [...those].filter(each => each.code === code).map(each => each.done);

  // From the form to the device.
  const keep = async (form, alone) => {
    const { thing: kind, case: code, number } = form.dataset;
    const field = form.elements.text;
    const text = field.value;
    const withPhotos = kind === 'note' && !alone;
    if (withPhotos) {
      const stored = await Promise.all(of(storing, code));
      if (stored.includes(false)) return false; // which has been said
      await Promise.race([Promise.all(of(placing, code)), new Promise(done => setTimeout(done, FOR_A_PLACE))]);
    }
    const thing = {
      me, state: 'waiting', kind, code, number, key: form.elements.key.value || fresh(), text,
      version: Number(form.elements.version?.value) || null, photos: [], why: null, tries: 0, at: 0,
      along: kind === 'answer' ? [...form.querySelectorAll('[name=enclosure]')].map(each => each.value) : [],
    };
    try {
      // In the place of what was begun, but behind what was sent off before.
      await change((all, things) => {
        const taken = withPhotos ? all.find(isBegun(code)) : null;
        if (taken) things.delete(taken.order);
        things.put({ ...thing, photos: taken?.photos ?? [] });
      });
    } catch {
      say(words.full, true);
      return false;
    }
    // Meanwhile it may have come anew.
    const there = document.getElementById(form.id);
    const now = there?.dataset.case === code ? there : form;
    now.elements.key.value = '';
    if (now.elements.text.value === text) {
      now.elements.text.value = '';
      now.elements.text.dispatchEvent(new Event('input', { bubbles: true })); // it is no draft any more
    }
    await thumbs(now);
    await changed();
    return true;
  };
  const keeping = new WeakSet();
  const keepOnce = async (form, alone) => {
    if (keeping.has(form)) return false;
    const button = form.querySelector('.send-row button');
    const hold = on => {
      button.disabled = on;
      form.elements.text.readOnly = on;
    };
    keeping.add(form);
    hold(true);
    try {
      return await keep(form, alone);
    } finally {
      keeping.delete(form);
      hold(false);
    }
  };
  document.addEventListener('submit', event => {
    const form = event.target;
    if (form.getAttribute('action') === '/console/session/end') {
      leave(event, form);
      return;
    }
    if (!form.dataset.thing) return;
    form.elements.key.value ||= fresh();
    const { thing: kind, case: code } = form.dataset;
    const hasPhotos = kind === 'note'
      && (form.querySelector('.thumbs li') || unfinished.has(code) || of(storing, code).length + of(placing, code).length > 0);
    // Behind what is waiting already; pictures always go this way.
    if (waiting > 0 || isOffline() || hasPhotos || keeping.has(form)) {
      event.preventDefault();
      event.stopPropagation();
      const offline = isOffline();
      keepOnce(form).then(kept => {
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
      // Without what was photographed since: under this key the server may have it already, and would take no more.
      keepOnce(form, true).then(kept => { if (kept) say(words.kept); });
    }, true);
  }

  // Photos are made smaller here, and kept at once: a telephone may end the page while the next one is taken, or the place is sought.
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
  }) : null;
  const idOf = photo => photo.id ?? photo.taken;
  const drawing = new WeakMap();
  const thumbs = async form => {
    const place = form.querySelector('[data-thumbs]');
    if (!place) return;
    const { case: code } = form.dataset;
    const turn = (drawing.get(form) ?? 0) + 1;
    drawing.set(form, turn);
    const photos = (await begun(code))?.photos ?? [];
    form.elements.text.required = photos.length === 0 && of(storing, code).length === 0;
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
        await change((all, things) => {
          const thing = all.find(isBegun(code));
          const left = thing?.photos.filter(each => idOf(each) !== idOf(photo)) ?? [];
          if (left.length > 0) things.put({ ...thing, photos: left });
          else if (thing) things.delete(thing.order);
        });
        await thumbs(form);
        await changed();
      });
      const where = document.createElement('small');
      const sought = [...placing].some(each => each.id === photo.id);
      where.textContent = photo.spot ? place.dataset.placed : sought ? place.dataset.places : '';
      const line = document.createElement('li');
      line.append(canvas, where, not);
      return line;
    }));
    if (drawing.get(form) === turn) place.replaceChildren(...lines);
  };
  const draw = () => Promise.all([...document.querySelectorAll('[data-photos]')].map(each => thumbs(each.closest('form'))));
  // Whether it is on the device now.
  const take = async (file, { code, number }, id) => {
    const taken = new Date().toISOString();
    let picture;
    try {
      picture = await smaller(file);
    } catch {
      say(words.unreadable, true);
      return false;
    }
    let many = false;
    try {
      await change((all, things) => {
        const thing = all.find(isBegun(code)) ?? { me, state: 'begun', kind: 'note', code, number, photos: [], text: '' };
        many = thing.photos.length >= MOST;
        if (!many) things.put({ ...thing, photos: [...thing.photos, { id, picture, taken, spot: null }] });
      });
    } catch {
      say(words.full, true);
      return false;
    }
    if (many) say(words.many, true);
    return !many;
  };
  // Also when the note waits already; not when it has gone.
  const setPlace = (id, spot) => change((all, things) => {
    for (const thing of all) {
      if (thing.photos.some(each => each.id === id)) {
        things.put({ ...thing, photos: thing.photos.map(each => each.id === id ? { ...each, spot } : each) });
      }
    }
  }).catch(() => {});
  document.addEventListener('change', event => {
    if (!event.target.matches('[data-take]')) return;
    const { form } = event.target;
    const [file] = event.target.files;
    event.target.value = '';
    if (!file) return;
    const { case: code, number } = form.dataset;
    const id = fresh();
    const sought = spot(form);
    const stored = take(file, { code, number }, id);
    form.elements.text.required = false;
    stored.then(is => { if (is) unfinished.add(code); });
    during(storing, { code, done: stored });
    stored.then(draw).then(changed);
    if (!sought) return;
    const placed = Promise.all([stored, sought]).then(([is, where]) => is && where ? setPlace(id, where) : null);
    during(placing, { code, id, done: placed });
    placed.finally(draw);
  });
  const dress = () => {
    for (const photos of document.querySelectorAll('[data-photos][hidden]')) {
      photos.hidden = false;
      thumbs(photos.closest('form'));
    }
  };
  document.body.addEventListener('htmx:afterSettle', dress);

  // Whoever keeps them knows that what is still on its way is not kept either. It may be busy, or gone: nobody waits for it long.
  const pagesForgotten = () => new Promise(done => {
    const worker = navigator.serviceWorker?.controller;
    if (!worker) {
      done();
      return;
    }
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = done;
    setTimeout(done, 2000);
    worker.postMessage({ forget: true }, [port2]);
  });

  // Whoever leaves takes nothing along that nobody else may see, and is told of what would be lost.
  const forget = async () => {
    for (const thing of await mine()) await remove(thing);
    await pagesForgotten();
    await window.caches?.delete('linyu-pages');
  };
  const leave = async (event, form) => {
    event.preventDefault();
    event.stopPropagation();
    const end = () => forget().catch(() => {}).then(() => {
      document.body.dispatchEvent(new CustomEvent('linyu:left'));
      form.submit();
    });
    // Others add how much of theirs would be lost.
    const asks = new CustomEvent('linyu:leaving', { detail: [mine().then(left => left.length, () => 0)] });
    document.body.dispatchEvent(asks);
    if (Math.max(...await Promise.all(asks.detail)) === 0) {
      await end();
      return;
    }
    const leaving = document.getElementById('leaving-dialog');
    leaving.querySelector('[data-leaves]').onclick = end;
    leaving.showModal();
  };

  // On a telephone the pages looked at lately open without a network, too.
  const worker = navigator.serviceWorker;
  if (worker && matchMedia('(max-width: 900px)').matches) {
    const part = /^\/console\/conversations\/\d+$/;
    // Looked at when the worker is there: what came before that did not come through it.
    const remember = () => worker.ready.then(({ active }) => {
      const loaded = performance.getEntriesByType('resource').map(each => new URL(each.name)).filter(each => each.origin === location.origin);
      const paths = is => [...new Set(loaded.filter(is).map(each => each.pathname + each.search))];
      active.postMessage({
        keep: location.pathname + location.search,
        parts: paths(each => part.test(each.pathname)).slice(-1),
        files: paths(each => each.pathname.startsWith('/web/') && each.searchParams.has('v')),
      });
    });
    worker.register(words.worker, { scope: '/console/' }).then(remember, () => {});
    document.body.addEventListener('htmx:pushedIntoHistory', remember);
    document.body.addEventListener('htmx:afterRequest', ({ detail }) => {
      if (!worker.controller && detail.successful && part.test(new URL(detail.xhr.responseURL).pathname)) remember();
    });
  }

  dress();
  show().then(flush);
})();
