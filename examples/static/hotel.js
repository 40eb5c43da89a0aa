// The check-in: begin, show the QR code, look every second how it stands.
const at = (id) => document.getElementById(id);
const words = JSON.parse(at("state").dataset.words);
const say = (state) => { at("state").textContent = words[state] ?? state; };

async function follow(id) {
  const checkIn = await (await fetch(`/v1/check-ins/${id}`)).json();
  say(checkIn.state);
  at("guest").hidden = !checkIn.guest;
  if (checkIn.guest) {
    at("asking").hidden = true;
    at("name").textContent = checkIn.guest;
    at("number").textContent = `…${checkIn.number_ends}`;
    at("portrait").hidden = !checkIn.portrait;
    if (checkIn.portrait) at("portrait").src = checkIn.portrait.startsWith("data:image/") ? checkIn.portrait : `data:image/jpeg;base64,${checkIn.portrait}`;
    at("delete").textContent = new Date(checkIn.delete_at).toLocaleString(document.documentElement.lang);
    return;
  }
  if (checkIn.state !== "over") setTimeout(() => follow(id).catch(() => say("failed")), 1000);
}

at("begin").addEventListener("click", async () => {
  try {
    const checkIn = await (await fetch("/v1/check-ins", { method: "POST" })).json();
    at("qr").src = `/v1/check-ins/${checkIn.id}/qr`;
    at("link").href = checkIn.wallet_link;
    at("asking").hidden = false;
    await follow(checkIn.id);
  } catch {
    say("failed");
  }
});
