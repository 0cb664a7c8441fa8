// Leave for a notice of the result, given by one tap inside WeChat. Outside of it, or without a signature, words say what to do instead.
(() => {
  const place = document.getElementById('notify');
  const page = location.href.split('#')[0];

  const load = (src) => new Promise((done, failed) => {
    // The client's script is written for module loaders and names itself there.
    window.module = {};
    const script = document.createElement('script');
    script.src = src;
    script.onload = () => { window.wx = window.wx || window.module.exports; done(); };
    script.onerror = failed;
    document.head.append(script);
  });

  const inWechat = () => 'WeixinJSBridge' in window || /MicroMessenger/i.test(navigator.userAgent);

  const show = (card, state) => { card.dataset.state = state; };

  const button = (card) => {
    const holder = card.querySelector('.h5-open-tag');
    if (!holder) return;
    const given = card.dataset.state === 'given';
    const tag = document.createElement('wx-open-subscribe');
    tag.setAttribute('template', card.dataset.template);
    // What is inside is drawn by WeChat, out of reach of our styles.
    const face = document.createElement('script');
    face.type = 'text/wxtag-template';
    const words = document.createElement('b');
    words.textContent = given ? card.dataset.again : card.dataset.button;
    const looks = given ? 'border:1.5px solid #0f766e;background:#fff;color:#0f766e' : 'border:0;background:#0f766e;color:#fff';
    const size = getComputedStyle(document.body).fontSize;
    face.textContent = `<button style="width:100%;min-height:56px;border-radius:14px;${looks};font-size:${size};font-weight:600">${words.innerHTML}</button>`;
    tag.append(face);
    tag.addEventListener('success', (event) => {
      const details = JSON.parse(event.detail.subscribeDetails || '{}');
      const answer = details[card.dataset.template];
      show(card, answer && JSON.parse(answer).status === 'accept' ? 'given' : 'refused');
      button(card);
    });
    tag.addEventListener('error', () => show(card, 'failed'));
    holder.replaceChildren(tag);
  };

  const ask = async () => {
    const answer = await fetch(`${place.dataset.from}?page=${encodeURIComponent(page)}`);
    if (answer.status !== 200) return;
    place.innerHTML = await answer.text();
    const card = place.firstElementChild;
    if (card.dataset.state === 'failed') return;
    await load(card.dataset.client);
    if (!inWechat()) {
      show(card, 'elsewhere');
      return;
    }
    document.addEventListener('WeixinOpenTagsError', () => show(card, 'failed'));
    window.wx.error(() => show(card, 'failed'));
    window.wx.ready(() => button(card));
    window.wx.config({
      appId: card.dataset.appId,
      timestamp: Number(card.dataset.timestamp),
      nonceStr: card.dataset.nonce,
      signature: card.dataset.signature,
      jsApiList: ['hideMenuItems'],
      openTagList: ['wx-open-subscribe'],
    });
  };

  ask().catch(() => { place.replaceChildren(); });
})();
