import type { ConfirmRedirect, FetchConnectToken } from "react-benji-connect";

const post = (route: string, body: unknown, signal: AbortSignal) =>
  fetch(route, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
    signal,
  });

export const fetchConnectToken: FetchConnectToken = (request, { signal }) =>
  post("/api/benji/connect-token", request, signal);

export const confirm: ConfirmRedirect<unknown> = async (claim, { signal }) => {
  const response = await post("/api/benji/confirm", claim, signal);
  if (response.status === 409) return false;
  if (!response.ok) throw new Error("not asked");
  return response.json();
};
