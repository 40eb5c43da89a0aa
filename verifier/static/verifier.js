// The verifier's own interface, as the desk page uses it: sessions, their QR codes, and their news.
import { token } from "./token.js";

const SESSIONS = "/v1/verification-sessions";

export class SignInNeeded extends Error {}
export class Gone extends Error {}

async function ask(path, options = {}) {
  const headers = { Authorization: `Bearer ${token()}`, ...options.headers };
  const answer = await fetch(path, { ...options, headers, cache: "no-store" });
  if (answer.status === 401 || answer.status === 403) throw new SignInNeeded();
  if (answer.status === 404 || answer.status === 409 || answer.status === 410) throw new Gone();
  if (!answer.ok) throw new Error(`status ${answer.status}`);
  return answer;
}

export async function openSession(policy) {
  const headers = { "Content-Type": "application/json", "Idempotency-Key": crypto.randomUUID() };
  const answer = await ask(SESSIONS, { method: "POST", headers, body: JSON.stringify({ policy }) });
  return answer.json();
}

export const readSession = async (id) => (await ask(`${SESSIONS}/${id}`)).json();
export const readQr = async (id) => (await ask(`${SESSIONS}/${id}/qr`)).blob();
export const cancelSession = async (id) => ask(`${SESSIONS}/${id}/cancel`, { method: "POST" });

// Each change of the session, until nothing can change any more or the signal says stop.
export async function* news(id, signal) {
  const answer = await ask(`${SESSIONS}/${id}/events`, { signal });
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    const parts = (rest + value).split("\n\n");
    rest = parts.pop();
    for (const part of parts) {
      const data = part.split("\n").find((line) => line.startsWith("data: "));
      if (data) yield JSON.parse(data.slice(6));
    }
  }
}
