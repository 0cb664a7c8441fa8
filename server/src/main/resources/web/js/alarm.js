// Rings while an alarm is open that rings for this person: a sound, the title of the tab, and, where they have allowed it, a
// notice of the browser's, again and again until somebody has it. Where the browser keeps a page silent until it was clicked, a
// button says so. What a notice says is nobody's business: no name, no place, no word.
(() => {
  const place = document.getElementById('ringing');
  const button = document.getElementById('sound');
  if (!place) return;
  const { me } = document.body.dataset;
  const AGAIN = 30000;
  const title = document.title;
  let audio = null;
  let timer = null;
  let notice = null;
  let noticed = 0;

  const MUTED = 'linyu-muted:' + me;
  const isMuted = () => localStorage.getItem(MUTED) !== null;
  const tone = (from, height) => {
    const voice = audio.createOscillator();
    const volume = audio.createGain();
    voice.frequency.value = height;
    volume.gain.setValueAtTime(0.0001, from);
    volume.gain.exponentialRampToValueAtTime(0.35, from + 0.03);
    volume.gain.exponentialRampToValueAtTime(0.0001, from + 0.32);
    voice.connect(volume).connect(audio.destination);
    voice.start(from);
    voice.stop(from + 0.34);
  };
  const sound = () => {
    audio ??= new AudioContext();
    if (audio.state === 'running') {
      tone(audio.currentTime, 880);
      tone(audio.currentTime + 0.36, 660);
    } else {
      audio.resume();
    }
    return audio.state === 'running';
  };
  // The tab in front of one says it already. The same tag on all of them: of several tabs one notice.
  const tell = words => {
    if (!('Notification' in window) || Notification.permission !== 'granted' || document.hasFocus()) return;
    if (Date.now() - noticed < AGAIN) return;
    noticed = Date.now();
    try {
      notice = new Notification(words.title, { body: words.body, tag: 'linyu-alarm', renotify: true, requireInteraction: true });
      notice.onclick = () => {
        window.focus();
        notice.close();
      };
    } catch {
      // A telephone's browser has none of a page.
    }
  };
  const ring = () => {
    const ringing = place.querySelector('[data-ring]');
    if (isMuted()) button.hidden = true;
    else button.hidden = sound();
    tell({ title: button.dataset.notice, body: button.dataset.noticeBody });
    document.title = document.title === title ? ringing.dataset.ring : title;
  };
  const look = () => {
    const rings = place.querySelector('[data-ring]') !== null;
    if (rings && timer === null) {
      ring();
      timer = setInterval(ring, 1200);
    } else if (!rings && timer !== null) {
      clearInterval(timer);
      timer = null;
      noticed = 0;
      notice?.close();
      document.title = title;
      button.hidden = true;
    }
  };
  button.addEventListener('click', () => audio?.resume().then(() => { button.hidden = true; }));

  // How one wants to be told: on this device, and for oneself. The browser is asked on a click and not before.
  const dress = () => {
    for (const tile of document.querySelectorAll('[data-alarm-how]')) {
      tile.hidden = false;
      const permission = 'Notification' in window ? Notification.permission : 'unsupported';
      for (const each of tile.querySelectorAll('[data-permission]')) each.hidden = each.dataset.permission !== permission;
      tile.querySelector('[data-ask]').hidden = permission !== 'default';
      const mute = tile.querySelector('[data-mute]');
      mute.setAttribute('aria-pressed', String(isMuted()));
      mute.lastElementChild.textContent = isMuted() ? mute.dataset.off : mute.dataset.on;
      tile.querySelector('[data-muted]').hidden = !isMuted();
    }
  };
  document.addEventListener('click', event => {
    if (event.target.closest('[data-alarm-how] [data-ask]')) Notification.requestPermission().then(dress);
    if (event.target.closest('[data-alarm-how] [data-try]')) {
      audio ??= new AudioContext();
      audio.resume().then(sound);
    }
    if (event.target.closest('[data-alarm-how] [data-mute]')) {
      if (isMuted()) localStorage.removeItem(MUTED);
      else localStorage.setItem(MUTED, 'yes');
      dress();
    }
  });
  document.body.addEventListener('htmx:afterSettle', dress);
  new MutationObserver(look).observe(place, { childList: true, subtree: true });
  dress();
  look();
})();
