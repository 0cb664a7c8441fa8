// Marks the row whose case is open, and shows the newest of a conversation.
(() => {
  const mark = () => {
    const code = document.querySelector('#case')?.dataset.code;
    for (const row of document.querySelectorAll('[data-row]')) {
      if (row.dataset.row === code) row.setAttribute('aria-current', 'true');
      else row.removeAttribute('aria-current');
    }
  };
  const toEnd = talk => { talk.scrollTop = talk.scrollHeight; };
  const isAtEnd = talk => talk.scrollHeight - talk.scrollTop - talk.clientHeight < 80;

  let wasAtEnd = true;
  document.body.addEventListener('htmx:beforeSwap', event => {
    const talk = document.querySelector('.talk');
    wasAtEnd = !talk || !talk.contains(event.detail.target) || isAtEnd(talk);
  });
  document.body.addEventListener('htmx:afterSettle', event => {
    mark();
    const talk = document.querySelector('.talk');
    // Whoever reads further up is not moved.
    if (talk && wasAtEnd && (talk.contains(event.target) || event.target.querySelector?.('.talk'))) toEnd(talk);
  });
  document.addEventListener('load', event => {
    const talk = event.target.closest?.('.talk');
    if (talk && event.target.tagName === 'IMG' && wasAtEnd) toEnd(talk);
  }, true);
  const talk = document.querySelector('.talk');
  if (talk) toEnd(talk);
  mark();
})();
