import { type BenjiRedirectResult, useBenjiRedirectResult } from "react-benji-connect";
import { confirm } from "./api.js";

interface AppState {
  cart: number;
}

export function Callback() {
  const result = useBenjiRedirectResult<AppState, unknown>({ path: "/benji/callback", confirm });
  return (
    <main>
      <p role="status" data-status={result.status}>
        {describe(result)}
      </p>
      {result.status === "unconfirmed" && <button onClick={result.retry}>Ask again</button>}
      <a href="/">Back to the shop</a>
    </main>
  );
}

function describe(result: BenjiRedirectResult<AppState, unknown>): string {
  switch (result.status) {
    case "pending":
      return "One moment";
    case "none":
      return "Nothing has come back from Benji";
    case "success":
      return `Linked ${result.benjiUserUuid ?? result.benjiUserId}${cartOf(result.appState)}`;
    case "error":
      return "Nothing was linked";
    case "rejected":
      return `Please start again (${result.reason})`;
    case "unconfirmed":
      return "We could not ask our server";
    default:
      return result satisfies never;
  }
}

const cartOf = (state: AppState | undefined) => (state ? `, cart ${state.cart}` : "");
