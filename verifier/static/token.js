// The desk's token: it comes behind the # of the start link, which is sent to nobody, and stays in this tab only.
const KEPT = "tigertally-desk-token";

export function keepToken() {
  const given = new URLSearchParams(location.hash.slice(1)).get("token");
  if (given) {
    sessionStorage.setItem(KEPT, given);
    history.replaceState(null, "", location.pathname + location.search);
  }
}

export const token = () => sessionStorage.getItem(KEPT) || "";
export const setToken = (text) => sessionStorage.setItem(KEPT, text.trim());
export const dropToken = () => sessionStorage.removeItem(KEPT);
