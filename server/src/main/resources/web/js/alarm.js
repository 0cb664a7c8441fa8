// Rings while an alarm is open that rings for this person: a sound, and the title of the tab. Where the browser keeps a page
// silent until it was clicked, a button says so.
(() => {
  const place = document.getElementById('ringing');
  const button = document.getElementById('sound');
  if (!place) return;
  const title = document.title;
  let audio = null;
  let timer = null;

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
  const ring = () => {
    audio ??= new AudioContext();
    button.hidden = audio.state === 'running';
    if (audio.state === 'running') {
      tone(audio.currentTime, 880);
      tone(audio.currentTime + 0.36, 660);
    } else {
      audio.resume();
    }
    document.title = document.title === title ? place.querySelector('[data-ring]').dataset.ring : title;
  };
  const look = () => {
    const rings = place.querySelector('[data-ring]') !== null;
    if (rings && timer === null) {
      ring();
      timer = setInterval(ring, 1200);
    } else if (!rings && timer !== null) {
      clearInterval(timer);
      timer = null;
      document.title = title;
      button.hidden = true;
    }
  };
  button.addEventListener('click', () => audio?.resume().then(() => { button.hidden = true; }));
  new MutationObserver(look).observe(place, { childList: true, subtree: true });
  look();
})();
