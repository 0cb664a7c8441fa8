// Shows the pages looked at lately when there is no network. What is personal stays no longer than the session: it goes when the
// server says so (signing out, signing in), and after so long without a word from the server, as the session does.
const PAGES = 'linyu-pages';
const FILES = 'linyu-files';
const OFFLINE = '/web/offline.html';
const REACHED = '/console/reached';
const IDLE = 30 * 60 * 1000;
const SHIFT = 12 * 60 * 60 * 1000;
const MOST = 30;

self.addEventListener('install', event => {
  event.waitUntil(caches.open(FILES).then(files => files.addAll([OFFLINE, '/web/css/offline.css'])).then(() => self.skipWaiting()));
});
self.addEventListener('activate', event => event.waitUntil(self.clients.claim()));

let noted = 0;
// How often all was forgotten: what was asked for before is not kept any more when it comes.
let forgotten = 0;
// What is kept next is noted anew, also when it came while this was under way.
const forget = async () => {
  forgotten += 1;
  noted = 0;
  await caches.delete(PAGES);
  noted = 0;
};
// Whoever opens the pages looks in the same breath whether they were forgotten: opened later, they would be there again.
const reached = async since => {
  const now = Date.now();
  if (since !== forgotten || now - noted < 30000) return;
  await (await caches.open(PAGES)).put(REACHED, new Response(String(now)));
  noted = now;
};
const isOver = async pages => {
  const last = await pages.match(REACHED);
  return !last || Date.now() - Number(await last.text()) > IDLE;
};

// Only what one works with outdoors: lists, cases, one's day; and what was said.
const isKept = url => /^\/console\/(today|cases|cases\/[\w-]+)$/.test(url.pathname) && !/\/(exports|new)$/.test(url.pathname);
const isPart = url => /^\/console\/conversations\/\d+$/.test(url.pathname);

const keep = async (request, answer, since) => {
  if (since !== forgotten) return;
  const pages = await caches.open(PAGES);
  const headers = new Headers(answer.headers);
  headers.set('X-Kept-At', String(Date.now()));
  await pages.put(request, new Response(await answer.blob(), { status: 200, headers }));
  const keys = (await pages.keys()).filter(each => !each.url.endsWith(REACHED));
  for (const old of keys.slice(0, Math.max(0, keys.length - MOST))) await pages.delete(old);
  await reached(since);
};
const found = async (request, url) => {
  const pages = await caches.open(PAGES);
  if (await isOver(pages)) {
    await forget();
    return undefined;
  }
  const isCase = /^\/console\/cases\/[\w-]+$/.test(url.pathname);
  const kept = await pages.match(request, { ignoreVary: isPart(url) }) ?? (isCase ? await pages.match(request, { ignoreSearch: true }) : undefined);
  return kept && Date.now() - Number(kept.headers.get('X-Kept-At')) < SHIFT ? kept : undefined;
};

const page = async (request, url) => {
  const since = forgotten;
  let answer;
  try {
    answer = await fetch(request);
  } catch (gone) {
    const kept = await found(request, url);
    if (kept) return kept;
    if (request.mode === 'navigate') return (await caches.match(OFFLINE)) ?? Response.error();
    throw gone;
  }
  if (answer.type === 'opaqueredirect' || answer.redirected || answer.status === 401) {
    // To the page where one signs in: nobody is, any more.
    if (url.pathname !== '/console') await forget();
  } else if (answer.ok && (isKept(url) || isPart(url))) {
    await keep(request, answer.clone(), since);
  }
  return answer;
};

const file = async request => {
  const files = await caches.open(FILES);
  const kept = await files.match(request);
  if (kept) return kept;
  const answer = await fetch(request);
  if (answer.ok) await files.put(request, answer.clone());
  return answer;
};

self.addEventListener('fetch', event => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== 'GET' || url.origin !== self.location.origin) return;
  if (url.pathname.startsWith('/web/')) {
    if (url.searchParams.has('v') || url.pathname === '/web/css/offline.css') event.respondWith(file(request));
  } else if (url.pathname.startsWith('/console/session')) {
    event.waitUntil(forget());
  } else if (request.mode === 'navigate' || (isPart(url) && request.headers.has('HX-Request'))) {
    event.respondWith(page(request, url));
  }
});

// Nobody asked for it with a hand, so it does not count as somebody being there. What has just come through here is not asked again.
const keepAgain = async (request, since) => {
  if (since !== forgotten) return;
  const known = await (await caches.open(PAGES)).match(request);
  if (known && Date.now() - Number(known.headers.get('X-Kept-At')) < 15000) return;
  const headers = new Headers(request.headers);
  headers.set('X-Linyu-Live', '1');
  const answer = await fetch(request.url, { headers, redirect: 'manual' });
  if (answer.ok) await keep(request, answer, since);
};

// The page itself came before this was here, or came in parts: it asks to be kept, with what it is made of.
self.addEventListener('message', event => {
  const { forget: leaves, keep: address, parts = [], files = [] } = event.data ?? {};
  if (leaves) {
    event.waitUntil(forget().catch(() => {}).then(() => event.ports[0]?.postMessage('forgotten')));
    return;
  }
  if (!address) return;
  const since = forgotten;
  event.waitUntil((async () => {
    if (isKept(new URL(address, self.location.origin))) await keepAgain(new Request(address), since);
    for (const part of parts) await keepAgain(new Request(part, { headers: { 'HX-Request': 'true' } }), since);
    const kept = await caches.open(FILES);
    const wanted = new Set(files);
    for (const old of await kept.keys()) {
      const { pathname, search } = new URL(old.url);
      // Of a release before.
      if (files.length > 0 && search !== '' && !wanted.has(pathname + search) && [...wanted].some(each => each.startsWith(pathname + '?'))) await kept.delete(old);
    }
    for (const each of files) if (!(await kept.match(each))) await kept.add(each);
  })().catch(() => {}));
});
