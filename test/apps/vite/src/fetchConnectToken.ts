import type { FetchConnectToken } from "react-benji-connect";

export const fetchConnectToken: FetchConnectToken = (request, { signal }) =>
  fetch("/api/benji/connect-token", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(request),
    signal,
  });
