// What is handed in on the page of a matter: files are chosen one after the other, go together with the sentence, and their way is
// seen. What did not arrive stays here and is named, to be sent again; what had arrived after all is not there twice. Without this it
// is a plain form.
(() => {
  const form = document.querySelector('[data-hand-in]');
  if (!form || !globalThis.upload || !('FormData' in globalThis)) return;
  const words = form.dataset;
  const most = Number(words.most);
  const largest = Number(words.megabytes) * 1024 * 1024;
  const list = form.querySelector('.papers-chosen');
  const trouble = form.querySelector('.papers-trouble');
  const going = form.querySelector('.papers-going');
  const bar = going.querySelector('progress');
  const how = going.querySelector('span');
  const button = form.querySelector('.weui-btn_primary');
  const send = button.textContent;
  let files = [];
  let sending = false;
  // What was sent last, and is not known to have arrived.
  let tried = null;

  const size = bytes => (bytes < 1024 * 1024 ? `${Math.max(1, Math.round(bytes / 1024))} KB` : `${(bytes / 1024 / 1024).toFixed(1)} MB`);
  const names = () => files.map(each => `“${each.name}”`).join(' ');
  const say = (...sentences) => {
    trouble.textContent = sentences.filter(Boolean).join(' ');
    trouble.hidden = trouble.textContent === '';
    if (!trouble.hidden) trouble.scrollIntoView({ block: 'nearest' });
  };
  const show = () => {
    list.replaceChildren(...files.map(file => {
      const line = document.createElement('li');
      const name = document.createElement('span');
      name.textContent = file.name;
      const large = document.createElement('small');
      large.textContent = size(file.size);
      const out = document.createElement('button');
      out.type = 'button';
      out.textContent = '×';
      out.setAttribute('aria-label', words.remove.replace('{0}', file.name));
      out.disabled = sending;
      out.addEventListener('click', () => {
        files = files.filter(each => each !== file);
        say();
        show();
        form.querySelector('input[type=file]').focus();
      });
      line.append(name, large, out);
      return line;
    }));
    for (const each of form.querySelectorAll('input[type=file], textarea')) each.readOnly = each.disabled = sending;
    for (const each of form.querySelectorAll('.papers-choose')) each.classList.toggle('off', sending);
    button.disabled = sending;
    going.hidden = !sending;
  };
  const take = chosen => {
    const no = [];
    for (const file of chosen) {
      if (file.size === 0) no.push(words.empty.replace('{0}', file.name));
      else if (file.size > largest) no.push(words.large.replace('{0}', file.name));
      else if (files.length === most) no.push(words.many);
      else if (!files.some(each => each.name === file.name && each.size === file.size && each.lastModified === file.lastModified)) files.push(file);
    }
    say(...new Set(no));
    show();
  };

  form.classList.add('scripted');
  for (const field of form.querySelectorAll('input[type=file]')) {
    // A browser that comes back keeps what was chosen.
    if (field.files.length > 0) take([...field.files]);
    field.value = '';
    field.addEventListener('change', () => {
      const chosen = [...field.files];
      field.value = '';
      take(chosen);
    });
  }

  const part = done => {
    bar.value = done;
    how.textContent = done < 100 ? `${words.sends} ${Math.floor(done)}%` : words.sent;
  };
  form.addEventListener('submit', async event => {
    // Words alone go as from a form without scripts: the server says what is lacking, and hears danger in them.
    if (!sending && files.length === 0 && form.elements.words.value.trim()) return;
    event.preventDefault();
    if (sending) return;
    if (files.length === 0) {
      say(words.none);
      form.querySelector('input[type=file]').focus();
      return;
    }
    // The same goes again under the same key. What was changed meanwhile is something else.
    const now = JSON.stringify([form.elements.words.value, files.map(each => [each.name, each.size, each.lastModified])]);
    if (tried !== null && tried !== now) {
      form.elements.key.value = [...crypto.getRandomValues(new Uint8Array(16))].map(each => each.toString(16).padStart(2, '0')).join('');
    }
    tried = now;
    const body = new FormData();
    body.append('key', form.elements.key.value);
    body.append('words', form.elements.words.value);
    for (const file of files) body.append('files', file, file.name);
    say();
    sending = true;
    part(0);
    show();
    going.scrollIntoView({ block: 'nearest' });
    try {
      const bytes = files.reduce((sum, each) => sum + each.size, 0);
      const xhr = await upload(form.action, { body, bytes, headers: { 'HX-Request': 'true' }, progress: part });
      const to = xhr.getResponseHeader('HX-Redirect');
      if (xhr.status < 300 && to) {
        files = [];
        location.assign(to);
        return;
      }
      const told = (xhr.getResponseHeader('Content-Type') ?? '').startsWith('text/plain') ? xhr.responseText : '';
      say(words.failed.replace('{0}', names()), told);
    } catch {
      say(words.failed.replace('{0}', names()));
    }
    sending = false;
    button.textContent = words.again;
    show();
  });
  form.addEventListener('input', () => { if (!sending && files.length === 0) button.textContent = send; });
  addEventListener('beforeunload', event => {
    if (files.length > 0) event.preventDefault();
  });
  show();
})();
