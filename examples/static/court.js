// The filing: begin, show who you are, hand in the papers, get the number.
const at = (id) => document.getElementById(id);
const words = JSON.parse(at("state").dataset.words);
const say = (state) => { at("state").textContent = words[state] ?? state; };
let filing = null;

async function asked(path, order) {
  const answer = await fetch(path, order);
  if (!answer.ok) throw new Error(String(answer.status));
  return answer.json();
}

async function follow() {
  filing = await asked(`/v1/filings/${filing.id}`);
  say(filing.identity);
  at("papers").hidden = filing.identity !== "valid";
  if (filing.identity === "valid") at("asking").hidden = true;
  else setTimeout(() => follow().catch(() => say("failed")), 1000);
}

async function handIn(input) {
  const [file] = input.files;
  const query = new URLSearchParams({ kind: input.name, name: file.name });
  const kept = await asked(`/v1/filings/${filing.id}/documents?${query}`, { method: "POST", body: file });
  const line = document.createElement("li");
  line.textContent = `${kept.name}: SHA-256 ${kept.sha256}`;
  at("hashes").append(line);
}

at("begin").addEventListener("click", async () => {
  try {
    filing = await asked("/v1/filings", { method: "POST" });
    at("qr").src = `/v1/filings/${filing.id}/qr`;
    at("link").href = filing.wallet_link;
    at("asking").hidden = false;
    await follow();
  } catch {
    say("failed");
  }
});

at("papers").addEventListener("submit", async (event) => {
  event.preventDefault();
  try {
    for (const input of at("papers").querySelectorAll("input")) await handIn(input);
    filing = await asked(`/v1/filings/${filing.id}/submit`, { method: "POST" });
    say("accepted");
    at("number").textContent = filing.number;
  } catch {
    say("failed");
  }
});
