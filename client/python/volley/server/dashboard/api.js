// Requests to the server this page came from. The token comes behind the # of the address, which no browser sends.
const KEY = "volley-token";

const given = decodeURIComponent(location.hash.slice(1));
if (given) {
  sessionStorage.setItem(KEY, given);
  history.replaceState(null, "", location.pathname);
}

export class Refused extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

export const keepToken = (token) => sessionStorage.setItem(KEY, token.trim());

async function request(path, options) {
  const headers = { ...options.headers, NESTServerAuth: sessionStorage.getItem(KEY) ?? "" };
  const answer = await fetch(path, { ...options, headers, cache: "no-store" });
  const content = await answer.json();
  if (!answer.ok) throw new Refused(answer.status, content.message);
  return content;
}

export const look = (path) => request(path, {});
export const post = (path, body) =>
  request(path, { method: "POST", body: JSON.stringify(body ?? {}), headers: { "Content-Type": "application/json" } });
export const nest = (call, args) => post(`/api/${call}`, args);
