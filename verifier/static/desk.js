// The clerk's page: a QR code, then one word in colour with a sign, and the one next step. Space calls the next guest.
import { dropToken, keepToken, setToken, token } from "./token.js";
import { Gone, SignInNeeded, cancelSession, news, openSession, readQr, readSession } from "./verifier.js";

const at = (id) => document.getElementById(id);
const desk = at("desk");
const words = JSON.parse(at("words").textContent);
const language = document.documentElement.lang;
const OPEN = new Set(["waiting", "refused"]);

let session = null;
let stop = new AbortController();

const say = (key, values = {}) => (words[key] ?? key).replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");

function show(state) {
  desk.dataset.state = state;
  at("sign-in").hidden = state !== "sign-in";
  at("asking").hidden = state !== "waiting";
  at("verdict").hidden = !["valid", "invalid", "undecided"].includes(state);
  at("next").hidden = state === "sign-in" || state === "starting";
}

function banner(text) {
  at("banner").hidden = !text;
  at("banner").textContent = text;
}

function inWords(seconds) {
  const [size, unit] = [[86400, "days"], [3600, "hours"], [60, "minutes"], [1, "seconds"]].find(([size]) => seconds >= size) ?? [1, "seconds"];
  return say(`age.${unit}`, { n: Math.floor(seconds / size) });
}

function tellOffline(age) {
  if (desk.dataset.offline !== "yes") return banner("");
  banner(say("desk.offline", { age: inWords(age ?? 0), limit: inWords(Number(desk.dataset.limit)) }));
}

async function nextGuest() {
  stop.abort();
  stop = new AbortController();
  const signal = stop.signal;
  try {
    if (session && OPEN.has(session.status)) await cancelSession(session.id).catch(() => {});
    session = await openSession(desk.dataset.policy);
    const qr = at("qr");
    URL.revokeObjectURL(qr.src);
    qr.src = URL.createObjectURL(await readQr(session.id));
    at("wallet-link").href = session.wallet_link;
    tellOffline(null);
    show("waiting");
    await follow(session.id, signal);
  } catch (error) {
    if (signal.aborted) return;
    if (error instanceof SignInNeeded) return signIn();
    if (error instanceof Gone) return nextGuest();
    banner(say(session ? "desk.connection_lost" : "desk.error"));
    setTimeout(() => signal.aborted || resume(signal), 2000);
  }
}

// After a lost connection: look how the session stands and follow it again.
async function resume(signal) {
  if (!session) return nextGuest();
  try {
    await follow(session.id, signal);
  } catch (error) {
    if (signal.aborted) return;
    if (error instanceof SignInNeeded) return signIn();
    if (error instanceof Gone) return nextGuest();
    setTimeout(() => signal.aborted || resume(signal), 2000);
  }
}

async function follow(id, signal) {
  for await (const change of news(id, signal)) {
    if (signal.aborted) return;
    tellOffline(session.data_age_seconds);
    if (change.status === "expired" && !change.verdict) return nextGuest();
    if (change.verdict) await judge(id);
    session.status = change.status;
    if (!OPEN.has(change.status)) return;
  }
  if (!signal.aborted && OPEN.has(session.status)) throw new Error("the news ended");
}

async function judge(id) {
  session = await readSession(id);
  const told = session.explanations[language] ?? session.explanations.en;
  at("word").textContent = told.word;
  at("sentence").textContent = told.sentence;
  at("next-step").textContent = told.next_step;
  at("reference").textContent = session.id;
  at("retry").hidden = session.status !== "refused";
  at("checks").replaceChildren(...told.checks.map(line));
  showGuest(session);
  tellOffline(session.data_age_seconds);
  show(session.verdict);
  document.title = `${told.word} · ${say("desk.title")}`;
  at("verdict").focus();
}

function line(check) {
  const item = document.createElement("li");
  const outcome = document.createElement("strong");
  outcome.textContent = check.word;
  item.append(`${check.sentence}: `, outcome, check.reason ? ` (${check.reason})` : "");
  return item;
}

function showGuest({ claims, answered_at: answeredAt }) {
  const shown = claims ? Object.assign({}, ...Object.values(claims)) : null;
  at("guest").hidden = !shown;
  const portrait = at("portrait");
  const picture = shown?.portrait;
  portrait.hidden = !(typeof picture === "string" && picture.startsWith("data:image/jpeg;base64,"));
  portrait.src = portrait.hidden ? "" : picture;
  at("facts").replaceChildren(...(shown ? facts(shown, answeredAt) : []));
}

function facts(shown, answeredAt) {
  const rows = [];
  const { full_name: name, citizen_number: number, portrait: _, ...others } = shown;
  if (name) rows.push([say("desk.name"), name]);
  if (number) rows.push([say("desk.number"), String(number).slice(-4)]);
  for (const [key, value] of Object.entries(others)) {
    if (key === "age_over_18") rows.push([say(value ? "desk.over_18" : "desk.under_18"), value ? "✓" : "✗"]);
    else rows.push([say(`attribute.${key}`), String(value)]);
  }
  const time = new Date(answeredAt).toLocaleTimeString(language, { hour: "2-digit", minute: "2-digit" });
  rows.push([say("desk.registered", { time: "" }).trim(), time]);
  return rows.flatMap(([term, value]) => {
    const [dt, dd] = [document.createElement("dt"), document.createElement("dd")];
    dt.textContent = term;
    dd.textContent = value;
    return [dt, dd];
  });
}

function signIn() {
  dropToken();
  banner("");
  show("sign-in");
  at("token").focus();
}

at("sign-in-form").addEventListener("submit", (event) => {
  event.preventDefault();
  setToken(at("token").value);
  at("token").value = "";
  nextGuest();
});
at("next").addEventListener("click", nextGuest);
at("new-code").addEventListener("click", nextGuest);
at("copy").addEventListener("click", async () => {
  await navigator.clipboard.writeText(session.wallet_link);
  at("copy").textContent = say("desk.copied");
  setTimeout(() => { at("copy").textContent = say("desk.copy"); }, 2000);
});
document.addEventListener("keydown", (event) => {
  const busy = event.target.closest("button, a, input, summary, select, textarea");
  if (event.code !== "Space" || busy || event.repeat || at("next").hidden) return;
  event.preventDefault();
  nextGuest();
});

keepToken();
show("starting");
if (token()) nextGuest();
else signIn();
