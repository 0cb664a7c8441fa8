// WeChat's own app, as far as our pages see it: it checks the page's signature and draws the button for notices, with the question that WeChat then asks.
(() => {
  window.WeixinJSBridge = {};
  const listeners = { ready: [], error: [] };
  let state = null;
  const when = (name) => (listener) => {
    listeners[name].push(listener);
    if (state && state.name === name) listener(state.detail);
  };
  const settle = (name, detail) => {
    state = { name, detail };
    listeners[name].forEach((each) => each(detail));
  };

  const popup = (tag) => {
    const sheet = document.createElement('dialog');
    sheet.className = 'sim-popup';
    sheet.style.cssText = 'border:0;border-radius:14px;padding:24px;max-width:300px;font-size:17px';
    sheet.innerHTML = '<p></p><button type="button" value="reject"></button><button type="button" value="accept"></button>';
    const [question, no, yes] = [sheet.querySelector('p'), ...sheet.querySelectorAll('button')];
    const english = document.documentElement.lang === 'en';
    question.textContent = english ? 'Allow this account to send you: result of your matter?' : '允许公众号给您发送：办理结果通知？';
    no.textContent = english ? 'Cancel' : '取消';
    yes.textContent = english ? 'Allow' : '允许';
    question.style.cssText = 'margin-bottom:20px';
    no.style.cssText = 'border:0;border-radius:8px;padding:10px 24px;margin-right:12px;font-size:17px;background:#f2f2f2;color:#06ae56';
    yes.style.cssText = 'border:0;border-radius:8px;padding:10px 24px;font-size:17px;background:#07c160;color:#fff';
    sheet.addEventListener('click', async (event) => {
      const answer = event.target.value;
      if (!answer) return;
      const template = tag.getAttribute('template');
      sheet.remove();
      const told = await fetch('/demo/wechat/popup', { method: 'POST', body: new URLSearchParams({ template, answer }) });
      if (!told.ok) {
        tag.dispatchEvent(new CustomEvent('error', { detail: { errMsg: 'subscribe:fail' } }));
        return;
      }
      const subscribeDetails = JSON.stringify({ [template]: JSON.stringify({ status: answer }) });
      tag.dispatchEvent(new CustomEvent('success', { detail: { errMsg: 'subscribe:ok', subscribeDetails } }));
    });
    document.body.append(sheet);
    sheet.showModal();
  };

  const draw = (tag) => {
    if (tag.drawn) return;
    tag.drawn = true;
    const face = tag.querySelector('script[type="text/wxtag-template"]');
    // The app draws it outside of the page, where the page's policy does not hold: here the style is set, not written.
    const [, style, text] = /^<button style="([^"]*)">([^<]*)<\/button>$/.exec(face.textContent);
    const button = document.createElement('button');
    button.style.cssText = style;
    button.textContent = text;
    tag.attachShadow({ mode: 'open' }).append(button);
    tag.style.display = 'block';
    button.addEventListener('click', () => popup(tag));
  };

  window.wx = {
    ready: when('ready'),
    error: when('error'),
    config: async (named) => {
      const page = location.href.split('#')[0];
      const answer = await fetch('/demo/wechat/trusts?' + new URLSearchParams({ page, appId: named.appId, nonce: named.nonceStr, timestamp: named.timestamp, signature: named.signature }));
      if (!answer.ok) {
        settle('error', { errMsg: 'config:invalid signature' });
        return;
      }
      if ((named.openTagList || []).includes('wx-open-subscribe')) {
        const look = () => document.querySelectorAll('wx-open-subscribe').forEach(draw);
        new MutationObserver(look).observe(document.documentElement, { childList: true, subtree: true });
        look();
      }
      settle('ready', {});
    },
  };
})();
