// Where a picture was taken, for forms that ask for it: when pictures are chosen, the device says where it is.
(() => {
  const fill = (form, spot) => {
    for (const name of ['latitude', 'longitude', 'accuracy']) {
      form.elements[name].value = spot ? spot[name] : '';
    }
  };
  const say = (form, what, accuracy) => {
    const line = form.querySelector('[data-spotted]');
    line.textContent = line.dataset[what].replace('{0}', accuracy ?? '');
  };

  document.addEventListener('change', event => {
    const form = event.target.closest?.('form[data-spot]');
    if (!form || event.target.type !== 'file') return;
    fill(form, null);
    if (event.target.files.length === 0) {
      form.querySelector('[data-spotted]').textContent = '';
      return;
    }
    if (!navigator.geolocation) {
      say(form, 'none');
      return;
    }
    say(form, 'finding');
    navigator.geolocation.getCurrentPosition(
      found => {
        fill(form, found.coords);
        say(form, 'found', Math.round(found.coords.accuracy));
      },
      () => say(form, 'none'),
      { enableHighAccuracy: true, timeout: 20000, maximumAge: 60000 });
  });
})();
