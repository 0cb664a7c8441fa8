// The phone's buttons, and its screen kept up to date.
"use strict";

const one = (selector, within = document) => within.querySelector(selector);
const all = (selector, within = document) => [...within.querySelectorAll(selector)];
const pause = (ms) => new Promise((done) => setTimeout(done, ms));

const screen_ = one("#screen");
const bar = one(".bar");
const field = one(".words input");
const hold = one(".hold");
const recording = one(".recording");
let who = document.body.dataset.who;

// The screen

let asking = false;
let again = false;

async function refresh() {
  if (asking) {
    again = true;
    return;
  }
  asking = true;
  try {
    do {
      again = false;
      const whose = who;
      const answer = await fetch(`/demo/phones/${whose}`, { cache: "no-store" });
      if (answer.ok && whose === who) show(await answer.text());
    } while (again);
  } finally {
    asking = false;
  }
}

function show(html) {
  const before = one(".lines", screen_);
  const stays = before && before.scrollHeight - before.scrollTop - before.clientHeight > 120;
  const top = before ? before.scrollTop : 0;
  screen_.innerHTML = html;
  sized();
  const lines = one(".lines", screen_);
  lines.scrollTop = stays ? top : lines.scrollHeight;
  all("img", lines).forEach((img) =>
    img.addEventListener("load", () => stays || (lines.scrollTop = lines.scrollHeight)));
}

// A longer sound has a longer bubble.
function sized() {
  all(".bubble.voice", screen_).forEach((bubble) => {
    bubble.style.width = `${Math.min(220, 84 + 9 * Number(bubble.dataset.seconds))}px`;
  });
}

const live = new EventSource("/demo/live");
live.addEventListener("phone", (event) => {
  if (event.data === who) refresh();
  else one(`.people a[data-who="${event.data}"]`)?.classList.add("news");
});
live.addEventListener("open", refresh);
setInterval(refresh, 15000); // what is left of the window runs down by itself

// What its owner does

function deed(what, with_ = "", file) {
  const form = new FormData();
  form.append("what", what);
  form.append("with", with_);
  if (file) form.append("photo", file);
  close();
  return fetch(`/demo/phones/${who}/deeds`, { method: "POST", body: form });
}

function mode(to) {
  bar.dataset.mode = bar.dataset.mode === to ? "words" : to;
  close();
}

function close() {
  all(".panel").forEach((panel) => (panel.hidden = true));
}

function typed() {
  bar.classList.toggle("has-words", field.value.trim() !== "");
}

async function send() {
  const text = field.value.trim();
  if (text === "") return;
  field.value = "";
  typed();
  const sent = await deed("text", text).catch(() => undefined);
  if (sent?.ok || field.value !== "") return;
  field.value = text;
  typed();
  field.setCustomValidity(field.form.dataset.notSent);
  field.reportValidity();
}

function choose(person) {
  who = person;
  document.body.dataset.who = person;
  one('.top [name="who"]').value = person;
  all(".people a").forEach((a) => {
    a.toggleAttribute("aria-current", a.dataset.who === person);
    if (a.dataset.who === person) a.classList.remove("news");
  });
  history.replaceState(null, "", `/demo?who=${person}`);
  screen_.firstElementChild.remove();
  refresh();
}

document.addEventListener("click", (event) => {
  const target = event.target.closest("button, a");
  if (!target) return;
  const { deed: what, with: with_, opens, modeTo, panel, voice, types, speaks, signin, password } = target.dataset;
  if (target.dataset.play) return play(target);
  if (target.matches(".people a")) {
    event.preventDefault();
    choose(target.dataset.who);
  } else if (what) deed(what, with_);
  else if (opens) window.open(`/demo/phones/${who}/open?${new URLSearchParams({ to: opens })}`, "_blank");
  else if (modeTo) mode(modeTo);
  else if (panel) toggle(panel);
  else if (voice) all("[data-voice]").forEach((each) => each.setAttribute("aria-checked", each === target));
  else if (types) type(types);
  else if (target.hasAttribute("data-crowd")) fetch("/demo/crowd", { method: "POST" });
  else if (speaks) speak(speaks);
  else if (signin) signIn(target, signin, password);
  else if ("send" in target.dataset) send();
});

function toggle(id) {
  const panel = one(`#${id}`);
  const opens = panel.hidden;
  close();
  panel.hidden = !opens;
  const lines = one(".lines", screen_);
  lines.scrollTop = lines.scrollHeight;
}

one(".words").addEventListener("submit", (event) => {
  event.preventDefault();
  send();
});
field.addEventListener("input", () => {
  field.setCustomValidity("");
  typed();
});
field.addEventListener("focus", close);
one("[data-photo]").addEventListener("change", (event) => {
  const [file] = event.target.files;
  if (file) deed("photo", "", file);
  event.target.value = "";
});

// Press and hold

function record(on) {
  hold.classList.toggle("on", on);
  recording.hidden = !on;
}

const chosenVoice = () => one('[data-voice][aria-checked="true"]').dataset.voice;
hold.addEventListener("pointerdown", () => record(true));
document.addEventListener("pointerup", () => {
  if (recording.hidden) return;
  record(false);
  deed("voice", chosenVoice());
});
document.addEventListener("pointercancel", () => record(false));
hold.addEventListener("keydown", (event) => {
  if (event.key === "Enter") deed("voice", chosenVoice());
});

// Three things to try

const tries = all(".tries button");

async function trying(work) {
  tries.forEach((button) => (button.disabled = true));
  try {
    await work();
  } finally {
    tries.forEach((button) => (button.disabled = false));
  }
}

function type(text) {
  return trying(async () => {
    bar.dataset.mode = "words";
    close();
    field.value = "";
    for (const letter of text) {
      field.value += letter;
      typed();
      await pause(45);
    }
    await pause(250);
    send();
  });
}

function speak(name) {
  return trying(async () => {
    bar.dataset.mode = "voice";
    close();
    all("[data-voice]").forEach((each) => each.setAttribute("aria-checked", each.dataset.voice === name));
    await pause(300);
    record(true);
    await pause(1400);
    record(false);
    deed("voice", name);
    await pause(300);
    bar.dataset.mode = "words";
  });
}

// The console beside it

const frame = one("#console");
const loaded = () => new Promise((done) => frame.addEventListener("load", done, { once: true }));
const within = (selector) => one(selector, frame.contentDocument);
const door = 'form:has(input[type="password"])';

// Fills in the console's own form: the demo has no other way in.
async function signIn(button, code, password) {
  button.disabled = true;
  try {
    const leave = within('form[action="/console/session/end"]');
    if (leave) {
      const left = loaded();
      leave.requestSubmit();
      await left;
    }
    if (!within(door)) {
      const arrived = loaded();
      frame.src = "/console";
      await arrived;
    }
    within(`${door} [name="login"]`).value = code;
    within(`${door} [name="password"]`).value = password;
    within(door).requestSubmit();
  } finally {
    button.disabled = false;
  }
}

// Sounds are AMR, which browsers do not know: the console's worker makes samples of them

let decoder;
let speaker;

function samples(bytes) {
  decoder ??= new Worker("/web/js/amr-worker.js", { type: "module" });
  return new Promise((done, failed) => {
    decoder.onmessage = ({ data }) => (data.samples ? done(data) : failed(new Error(data.failed)));
    decoder.postMessage({ id: 1, bytes }, [bytes]);
  });
}

async function play(bubble) {
  speaker ??= new AudioContext();
  const sound = await samples(await (await fetch(bubble.dataset.play)).arrayBuffer());
  const buffer = speaker.createBuffer(1, sound.samples.length, sound.rate);
  buffer.copyToChannel(Float32Array.from(sound.samples), 0);
  const source = speaker.createBufferSource();
  source.buffer = buffer;
  source.connect(speaker.destination);
  bubble.classList.add("playing");
  source.onended = () => bubble.classList.remove("playing");
  source.start();
}

// The status bar

function tick() {
  one("#clock").textContent = new Date().toLocaleTimeString("zh-CN", {
    hour: "2-digit", minute: "2-digit", hour12: false, timeZone: document.body.dataset.zone,
  });
}
setInterval(tick, 10000);
tick();
sized();
one(".lines", screen_).scrollTop = 1e6;
