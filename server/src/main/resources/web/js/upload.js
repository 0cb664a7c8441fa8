// Sends something long and says how far it is. It is given up when nothing moves any more, not when it takes long: over a slow
// line two megabytes take minutes, and arrive.
(() => {
  const SILENCE = 40000;
  // What a browser calls sent may still lie in a buffer of the system: until the answer there is time for all of it at this pace.
  const SLOWEST = 16; // bytes in a millisecond
  // Some browsers say nothing on the way where a service worker is, and then silence means nothing.
  let tells = false;

  // Refused with the error of `signal`, or one without a message when the server was not reached or fell silent. `moved` is then
  // true if something had gone already.
  globalThis.upload = (url, { body, bytes, headers, progress = () => {}, signal }) => new Promise((done, failed) => {
    const xhr = new XMLHttpRequest();
    let timer;
    let moved = false;
    const end = settle => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', stop);
      settle();
    };
    const fail = () => end(() => failed(Object.assign(new Error(''), { moved })));
    const stop = () => {
      xhr.abort();
      end(() => failed(signal.reason));
    };
    const wait = time => {
      clearTimeout(timer);
      timer = setTimeout(() => {
        moved = true; // or it stands in the way of the others as if it had
        xhr.abort();
        fail();
      }, time);
    };
    if (signal?.aborted) {
      failed(signal.reason);
      return;
    }
    signal?.addEventListener('abort', stop);
    xhr.open('POST', url);
    for (const [name, value] of Object.entries(headers)) xhr.setRequestHeader(name, value);
    xhr.upload.addEventListener('progress', ({ loaded, total }) => {
      tells = true;
      moved ||= loaded > 0;
      if (total > 0) progress(loaded / total * 100);
      wait(loaded < total ? SILENCE : SILENCE + bytes / SLOWEST);
    });
    xhr.addEventListener('progress', () => wait(SILENCE));
    xhr.addEventListener('load', () => end(() => done(xhr)));
    xhr.addEventListener('error', fail);
    xhr.send(body);
    wait(tells ? SILENCE : SILENCE + bytes / SLOWEST);
  });
})();
