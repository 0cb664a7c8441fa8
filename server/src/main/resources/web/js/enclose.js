// What is sent along: chosen, dropped or pasted files go to the server one by one, each with its progress, and come back as what
// waits beside the answer. Without this they go with the form itself.
(() => {
  const token = JSON.parse(document.body.getAttribute('hx-headers') ?? '{}');
  let queue = Promise.resolve();

  const post = (url, file, progress) => new Promise((done, failed) => {
    const body = new FormData();
    body.append('files', file, file.name);
    const xhr = new XMLHttpRequest();
    xhr.open('POST', url);
    for (const [name, value] of Object.entries({ ...token, 'HX-Request': 'true' })) xhr.setRequestHeader(name, value);
    xhr.upload.addEventListener('progress', event => progress(event.total ? event.loaded / event.total * 100 : 0));
    xhr.addEventListener('load', () => {
      const to = xhr.getResponseHeader('HX-Redirect');
      if (to) location.assign(to);
      else if (xhr.status < 300) done(xhr.responseText);
      else failed(new Error((xhr.getResponseHeader('Content-Type') ?? '').startsWith('text/plain') ? xhr.responseText : ''));
    });
    xhr.addEventListener('error', () => failed(new Error('')));
    xhr.send(body);
  });

  const show = html => htmx.swap(document.body, html, { swapStyle: 'none' });

  const say = (said, sentence) => {
    const box = document.getElementById('enclosures');
    const no = document.createElement('p');
    no.className = 'enclosure-no';
    no.setAttribute('role', 'alert');
    no.textContent = sentence || said;
    box?.prepend(no);
  };

  const send = (input, files) => {
    const form = input.form;
    const line = document.getElementById('enclosing');
    const bar = line.querySelector('progress');
    const words = line.querySelector('span');
    const button = form.querySelector('.send-row .btn-primary');
    for (const file of files) {
      queue = queue.then(async () => {
        line.hidden = false;
        button.disabled = true;
        bar.value = 0;
        words.textContent = line.dataset.sends.replace('{0}', file.name);
        try {
          show(await post(input.dataset.encloses, file, part => { bar.value = part; }));
        } catch (failed) {
          say(line.dataset.failed, failed.message);
        }
        line.hidden = true;
        button.disabled = false;
        document.body.dispatchEvent(new CustomEvent('linyu:enclosed'));
      });
    }
  };

  document.addEventListener('change', event => {
    const input = event.target.closest?.('[data-encloses]');
    if (!input) return;
    const files = [...input.files];
    input.value = '';
    send(input, files);
  });
  const inputFor = target => target.closest?.('.answer-form')?.querySelector('[data-encloses]');
  document.addEventListener('paste', event => {
    const input = inputFor(event.target);
    const files = [...(event.clipboardData?.files ?? [])];
    if (!input || files.length === 0) return;
    event.preventDefault();
    send(input, files);
  });
  document.addEventListener('dragover', event => {
    if (inputFor(event.target) && event.dataTransfer?.types.includes('Files')) event.preventDefault();
  });
  document.addEventListener('drop', event => {
    const input = inputFor(event.target);
    if (!input || !event.dataTransfer?.files.length) return;
    event.preventDefault();
    send(input, [...event.dataTransfer.files]);
  });
  document.body.addEventListener('htmx:afterRequest', event => {
    if (event.detail.pathInfo?.requestPath?.includes('/enclosures/')) document.body.dispatchEvent(new CustomEvent('linyu:enclosed'));
  });
})();
