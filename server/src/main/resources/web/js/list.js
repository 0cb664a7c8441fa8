// Marks the row whose case is open, and shows the newest of a conversation.
(() => {
  const mark = () => {
    const code = document.querySelector('#case')?.dataset.code;
    for (const row of document.querySelectorAll('[data-row]')) {
      if (row.dataset.row === code) row.setAttribute('aria-current', 'true');
      else row.removeAttribute('aria-current');
    }
  };
  // Notes for colleagues stand among what was said, at their time; without a script they stand below it.
  const weave = () => {
    const said = document.querySelector('#conversation');
    const notes = document.querySelector('#case-notes');
    if (!said || !notes) return;
    for (const woven of said.querySelectorAll('.note')) woven.remove();
    const bubbles = [...said.querySelectorAll('.bubble')];
    const at = bubble => Date.parse(bubble.querySelector('time').dateTime);
    for (const note of notes.children) {
      const next = bubbles.find(bubble => at(bubble) > Date.parse(note.dataset.at));
      said.insertBefore(note.cloneNode(true), next ?? (bubbles.at(-1)?.nextSibling || null));
    }
    notes.hidden = true;
  };
  // On a phone it does not scroll by itself, but with the page around it.
  const scrolls = talk => getComputedStyle(talk).overflowY === 'visible' ? talk.closest('.stage') : talk;
  const toEnd = talk => { scrolls(talk).scrollTop = scrolls(talk).scrollHeight; };
  const isAtEnd = talk => {
    const { scrollHeight, scrollTop, clientHeight } = scrolls(talk);
    return scrollHeight - scrollTop - clientHeight < 80;
  };

  let wasAtEnd = true;
  let acts = false;
  let refused = false;
  document.body.addEventListener('htmx:beforeSwap', event => {
    const { verb, triggeringEvent } = event.detail.requestConfig;
    acts = verb !== 'get';
    refused = triggeringEvent?.type === 'linyu:refused';
    const talk = document.querySelector('.talk');
    const { target } = event.detail;
    wasAtEnd = !talk || target.contains(talk) || target.matches('.talk > .skeleton') || isAtEnd(talk);
    if (triggeringEvent?.type.startsWith('live:') && isPressed(target)) leave(event);
  });
  // From pressing to letting go nothing is taken away from under the finger: the click would be lost.
  let pressed = null;
  let missed = false;
  const letGo = () => {
    pressed = null;
    if (!missed) return;
    missed = false;
    document.body.dispatchEvent(new CustomEvent('live:again'));
  };
  document.addEventListener('pointerdown', event => { pressed = event.target; }, true);
  for (const end of ['pointerup', 'pointercancel']) document.addEventListener(end, () => setTimeout(letGo), true);
  addEventListener('blur', letGo);
  const isPressed = target => !acts && !refused && pressed?.isConnected && target.contains(pressed);
  const leave = event => {
    event.detail.shouldSwap = false;
    missed = true;
  };
  // A code that is being read out stays when news come, until there is nothing to bind any more.
  const codes = new Map();
  const keepCodes = () => {
    for (const code of document.querySelectorAll('.head-code')) codes.set(code.dataset.of, code);
    for (const form of document.querySelectorAll('[data-binds]')) {
      const code = codes.get(form.dataset.binds);
      if (code) form.replaceWith(code);
    }
  };
  // In the same breath as the swap: before it settles, another answer may come in between.
  document.body.addEventListener('htmx:afterSwap', event => {
    keepCodes();
    mark();
    weave();
    const talk = document.querySelector('.talk');
    // Whoever reads further up is not moved.
    if (talk && wasAtEnd && (acts || event.target.id === 'ringing' || talk.contains(event.target) || event.target.querySelector?.('.talk'))) toEnd(talk);
  });
  // What is being used at this moment is not replaced; what is open stays so, with what is typed and what was asked for.
  document.body.addEventListener('htmx:oobBeforeSwap', event => {
    const { target, fragment } = event.detail;
    if (acts) return;
    if (isPressed(target)) {
      leave(event);
      return;
    }
    const used = document.activeElement;
    const isUsed = used && target.contains(used) && used.matches('input, select, textarea') && used.value !== ''
      // Its answer is on the way, and brings what has changed.
      || target.querySelector('.htmx-request');
    // What was refused would be refused again.
    if (isUsed && !refused) {
      event.detail.shouldSwap = false;
      return;
    }
    for (const open of target.querySelectorAll('details[id][open]')) {
      const fresh = fragment.querySelector('#' + open.id);
      for (const field of fresh?.querySelectorAll('[type=hidden]') ?? []) {
        open.querySelector(`[name="${field.name}"]`).value = field.value;
      }
      fresh?.replaceWith(open);
    }
  });
  // A new tab for whoever asks for one.
  document.addEventListener('click', event => {
    if ((event.ctrlKey || event.metaKey) && event.target.closest('[data-row]')) event.stopPropagation();
  }, true);
  document.body.addEventListener('click', event => {
    const news = event.target.closest('[data-news]');
    if (news) setTimeout(() => news.remove());
  });
  document.addEventListener('load', event => {
    const talk = event.target.closest?.('.talk');
    if (talk && event.target.tagName === 'IMG' && wasAtEnd) toEnd(talk);
  }, true);
  // On a phone the details open below, behind what is being written.
  document.addEventListener('change', event => {
    if (event.target.id === 'facts-toggle' && event.target.checked) document.getElementById('case-facts').scrollIntoView();
  });
  const talk = document.querySelector('.talk');
  if (talk) toEnd(talk);
  mark();
})();
