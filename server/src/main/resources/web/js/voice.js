// Plays voices. Those of WeChat are AMR, which browsers do not know: a worker makes samples of them, and the browser's own
// player does the rest, so that a faster voice does not squeak.
(() => {
  const SPEEDS = [1, 1.5, 0.8];
  let worker = null;
  let asked = 0;
  const waiting = new Map();

  const decode = bytes => new Promise((done, failed) => {
    if (!worker) {
      worker = new Worker('/web/js/amr-worker.js', { type: 'module' });
      worker.onmessage = ({ data }) => {
        const answer = waiting.get(data.id);
        waiting.delete(data.id);
        if (data.samples) answer.done(data);
        else answer.failed(new Error(data.failed));
      };
    }
    waiting.set(++asked, { done, failed });
    worker.postMessage({ id: asked, bytes }, [bytes]);
  });

  const wav = ({ samples, rate }) => {
    const view = new DataView(new ArrayBuffer(44 + samples.length * 2));
    const text = (at, word) => [...word].forEach((letter, i) => view.setUint8(at + i, letter.charCodeAt(0)));
    text(0, 'RIFF');
    view.setUint32(4, 36 + samples.length * 2, true);
    text(8, 'WAVEfmt ');
    view.setUint32(16, 16, true);
    view.setUint16(20, 1, true);
    view.setUint16(22, 1, true);
    view.setUint32(24, rate, true);
    view.setUint32(28, rate * 2, true);
    view.setUint16(32, 2, true);
    view.setUint16(34, 16, true);
    text(36, 'data');
    view.setUint32(40, samples.length * 2, true);
    samples.forEach((sample, i) => view.setInt16(44 + i * 2, Math.max(-1, Math.min(1, sample)) * 0x7fff, true));
    return new Blob([view], { type: 'audio/wav' });
  };

  const isAmr = bytes => new TextDecoder().decode(new Uint8Array(bytes, 0, 5)) === '#!AMR';

  const load = async url => {
    const answer = await fetch(url);
    if (!answer.ok) throw new Error(String(answer.status));
    const bytes = await answer.arrayBuffer();
    const sound = isAmr(bytes) ? wav(await decode(bytes)) : new Blob([bytes], { type: answer.headers.get('Content-Type') ?? '' });
    const audio = new Audio(URL.createObjectURL(sound));
    await new Promise((done, failed) => {
      audio.onloadedmetadata = done;
      audio.onerror = () => failed(new Error('cannot be played'));
    });
    return audio;
  };

  const clock = seconds => Math.floor(seconds / 60) + ':' + String(Math.floor(seconds % 60)).padStart(2, '0');

  const prepare = async voice => {
    const place = voice.querySelector('input[type=range]');
    const time = voice.querySelector('.time');
    voice.dataset.state = 'loading';
    const audio = await load(voice.dataset.voice);
    const show = () => {
      place.value = String(Math.round(audio.currentTime * 100));
      time.textContent = clock(audio.currentTime) + ' / ' + clock(audio.duration);
      voice.dataset.state = audio.paused ? 'paused' : 'playing';
      const paused = audio.paused;
      voice.querySelector('.to-play').toggleAttribute('hidden', !paused);
      voice.querySelector('.to-pause').toggleAttribute('hidden', paused);
    };
    place.max = String(Math.round(audio.duration * 100));
    place.disabled = false;
    place.addEventListener('input', () => { audio.currentTime = Number(place.value) / 100; });
    for (const each of ['play', 'pause', 'timeupdate', 'ended', 'seeked']) audio.addEventListener(each, show);
    show();
    return audio;
  };

  const players = new WeakMap();
  document.addEventListener('click', async event => {
    const voice = event.target.closest('[data-voice]');
    if (!voice) return;
    try {
      if (event.target.closest('.play')) {
        if (!players.has(voice)) players.set(voice, prepare(voice));
        const audio = await players.get(voice);
        audio.playbackRate = Number(voice.dataset.speed ?? 1);
        if (audio.paused) await audio.play();
        else audio.pause();
      } else if (event.target.closest('.speed')) {
        const next = SPEEDS[(SPEEDS.indexOf(Number(voice.dataset.speed ?? 1)) + 1) % SPEEDS.length];
        voice.dataset.speed = String(next);
        event.target.closest('.speed').textContent = next + '×';
        if (players.has(voice)) (await players.get(voice)).playbackRate = next;
      }
    } catch {
      players.delete(voice);
      voice.dataset.state = 'failed';
      voice.querySelector('.time').textContent = voice.dataset.failed;
      voice.querySelector('.time').classList.add('lost');
    }
  });
})();
