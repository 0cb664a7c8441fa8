// Signals from the server become events on the body: `live:case-x3k…`, `live:inbox`; fragments that show what has changed
// listen and ask again. One tab holds the stream for all of them: browsers allow six connections to a server.
(() => {
  const url = document.body.dataset.live;
  if (!url) return;
  const others = 'BroadcastChannel' in window ? new BroadcastChannel('linyu-live') : null;
  const offline = document.getElementById('offline');

  const hear = name => {
    if (name === 'off' || name === 'on') {
      offline.hidden = name === 'on';
      document.body.dispatchEvent(new CustomEvent('live:' + name));
    } else if (name === 'over') {
      // The tab that signs out is already on its way.
      setTimeout(() => location.reload(), 1000);
    } else {
      document.body.dispatchEvent(new CustomEvent('live:' + name));
    }
  };
  // The server says again what it signalled while this page was on its way; the tab that holds the stream does so for the others.
  const onItsWay = 10000;
  const recent = new Map();
  const tell = name => {
    hear(name);
    others?.postMessage(name);
  };
  let holds = false;
  others?.addEventListener('message', ({ data }) => {
    if (data !== 'new') hear(data);
    else if (holds) for (const [name, at] of recent) if (performance.now() - at < onItsWay) others.postMessage(name);
  });
  others?.postMessage('new');

  let missed = performance.now() > onItsWay * 0.8;
  const open = () => {
    holds = true;
    const stream = new EventSource(url);
    stream.onopen = () => {
      tell('on');
      document.body.dataset.liveOpen = 'true';
      // What happened in between was not heard.
      if (missed) tell('again');
      missed = true;
    };
    stream.addEventListener('signal', signal => {
      recent.set(signal.data, performance.now());
      tell(signal.data);
    });
    stream.addEventListener('over', () => {
      stream.close();
      tell('over');
    });
    stream.onerror = () => {
      tell('off');
      if (stream.readyState === EventSource.CLOSED) {
        stream.close();
        setTimeout(refused, 3000 + Math.random() * 3000);
      }
    };
    addEventListener('pagehide', () => stream.close());
  };
  // An event source does not say why it was refused.
  const refused = async () => {
    const asked = new AbortController();
    try {
      const answer = await fetch(url, { signal: asked.signal, headers: { 'X-Linyu-Live': '1' } });
      asked.abort();
      if (answer.status === 401) tell('over');
      else open();
    } catch {
      setTimeout(refused, 5000);
    }
  };

  if (navigator.locks) {
    navigator.locks.request('linyu-live', () => {
      open();
      return new Promise(() => {});
    });
  } else {
    open();
  }

  // A request that nobody asked for with a hand does not count as somebody being there.
  document.body.addEventListener('htmx:configRequest', request => {
    const cause = request.detail.triggeringEvent;
    if (!cause || cause.type.startsWith('live:')) {
      request.detail.headers['X-Linyu-Live'] = '1';
    }
  });
})();
