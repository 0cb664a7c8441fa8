// Does what it is told, a line of JSON each, by clients of WeChat's interface that others have written; and says what came of it.
// { "by": "api" | "oauth", "call": name, "with": [arguments] } → { "value": … } or { "code": …, "message": … }
'use strict';

const readline = require('readline');
const API = require('co-wechat-api');
const OAuth = require('co-wechat-oauth');

const [base, appId, secret] = process.argv.slice(2);

const api = new API(appId, secret);
for (const prefix of ['prefix', 'mpPrefix', 'fileServerPrefix']) api[prefix] = `${base}/cgi-bin/`;
api.snsPrefix = `${base}/sns/`;
api.wxaPrefix = `${base}/wxa/`;

// It knows one address only.
class OAuthHere extends OAuth {
  request(url, options) {
    return super.request(url.replace('https://api.weixin.qq.com', base), options);
  }
  getAuthorizeURL(...all) {
    return super.getAuthorizeURL(...all).replace('https://open.weixin.qq.com', base);
  }
}

const clients = { api, oauth: new OAuthHere(appId, secret) };

const argument = (each) => (each && each.base64 ? Buffer.from(each.base64, 'base64') : each);
const shown = (value) => (Buffer.isBuffer(value) ? { base64: value.toString('base64') } : value);

(async () => {
  for await (const line of readline.createInterface({ input: process.stdin })) {
    const asked = JSON.parse(line);
    let answer;
    try {
      const client = clients[asked.by];
      answer = { value: shown(await client[asked.call](...asked.with.map(argument))) };
    } catch (failed) {
      answer = { code: failed.code || 0, message: String(failed.message) };
    }
    process.stdout.write(`${JSON.stringify(answer)}\n`);
  }
})();
