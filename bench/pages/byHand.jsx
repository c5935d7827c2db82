/** @jsxRuntime automatic */
// What a careful partner would write by hand: token, redirect, and a state that is checked.
import { useEffect, useState } from "react";

export function HandButton({ mode, children }) {
  const [status, setStatus] = useState("idle");
  const start = async () => {
    if (status === "connecting") return;
    setStatus("connecting");
    try {
      const state = crypto.randomUUID();
      sessionStorage.setItem("benji-state", state);
      const response = await fetch("/api/benji/connect-token", {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ mode, state }),
      });
      const { token, connect_url } = await response.json();
      const url = new URL(connect_url);
      url.searchParams.set("connect_token", token);
      url.searchParams.set("state", state);
      location.assign(url);
    } catch {
      setStatus("failed");
    }
  };
  return (
    <button type="button" onClick={start} data-status={status} aria-busy={status === "connecting"}>
      {children}
    </button>
  );
}

export function useHandResult() {
  const [result] = useState(() => {
    const params = new URLSearchParams(location.search);
    const status = params.get("status");
    if (!status) return { status: "none" };
    if (params.get("state") !== sessionStorage.getItem("benji-state"))
      return { status: "rejected" };
    return { status, benjiUserUuid: params.get("benji_user_uuid") };
  });
  useEffect(() => {
    if (result.status !== "none") history.replaceState(null, "", location.pathname);
  }, [result]);
  return result;
}
