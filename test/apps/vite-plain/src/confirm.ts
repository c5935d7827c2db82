import type { ConfirmRedirect } from "react-benji-connect";

/** Asks the route of `createConfirmHandler`. */
export const confirm: ConfirmRedirect<unknown> = async (claim, { signal }) => {
  const response = await fetch("/api/benji/confirm", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(claim),
    signal,
  });
  if (response.status === 409) return false; // your server knows better
  if (response.status !== 200) throw new Error(`Expected an answer; got ${response.status}.`);
  return response.json();
};
