import type { RejectionReason } from "react-benji-connect";
import { type ConnectFlowOptions, createConnectFlow } from "react-benji-connect/core";
import { CALLBACK, OTHER_UUID, TOKEN_ANSWER, UUID } from "./fixtures.js";

/** The parameters with which Benji sends a member back. */
export interface ReturnParams {
  status: "success" | "error";
  /** The result of `startedFlow`. */
  state?: string | undefined;
  benjiUserUuid?: string | undefined;
  benjiUserId?: string | undefined;
  triggerEventId?: string | undefined;
}

/**
 * Starts a flow, as an earlier page would, without leaving the page. Returns the flow's `state`.
 * Takes all options of `createConnectFlow`, such as a `storage`, or a `now` in the past.
 *
 * @throws BenjiConnectError if the flow does not start, with the code that `connect` returns
 * @example
 * ```ts
 * import { memoryStorage, returnUrl, startedFlow } from "react-benji-connect/testing";
 *
 * const storage = memoryStorage();
 * const state = await startedFlow({ storage, mode: "transfer", appState: { cart: 3 } });
 * window.history.pushState(null, "", returnUrl({ status: "success", state }));
 * ```
 */
export async function startedFlow(options: ConnectFlowOptions = {}): Promise<string> {
  let hosted = "";
  const flow = createConnectFlow({
    fetchConnectToken: () => TOKEN_ANSWER,
    onStillHere: () => {},
    onPageHide: () => {},
    preconnect: () => {},
    ...options,
    navigate: (url) => {
      hosted = url;
      options.navigate?.(url);
    },
  });
  const outcome = await flow.connect();
  if (outcome.status === "failed") throw outcome.error;
  return new URL(hosted).searchParams.get("state") ?? "";
}

/**
 * The address to which Benji sends the member back. A query on `base` is kept, as Benji keeps it. If
 * `base` has no origin, the address has none either.
 *
 * @example
 * ```ts
 * import { returnUrl } from "react-benji-connect/testing";
 *
 * const path = returnUrl({ status: "error", state: "benji.…" });
 * const url = returnUrl({ status: "success" }, "https://shop.example/done?shop=corner");
 * console.log(path, url);
 * ```
 */
export const returnUrl = (params: ReturnParams, base: string = CALLBACK): string =>
  addressWith(
    base,
    // The names are not imported from contract.ts: that list must not be tested against itself.
    [
      ["status", params.status],
      ["state", params.state],
      ["benji_user_uuid", params.benjiUserUuid],
      ["benji_user_id", params.benjiUserId],
      ["trigger_event_id", params.triggerEventId],
    ],
  );

/** The rejections that depend on the address alone. */
export type RejectionByAddress = Extract<
  RejectionReason,
  "params_ambiguous" | "params_too_long" | "status_unknown" | "state_missing" | "state_unknown"
>;

const UNKNOWN_STATE = `benji.${"A".repeat(43)}`;

const REJECTED: Readonly<Record<RejectionByAddress, [name: string, value: string][]>> = {
  params_ambiguous: [
    ["status", "success"],
    ["benji_user_uuid", UUID],
    ["benji_user_uuid", OTHER_UUID],
  ],
  params_too_long: [
    ["status", "success"],
    ["benji_user_uuid", "a".repeat(513)],
  ],
  status_unknown: [
    ["status", "maybe"],
    ["benji_user_uuid", UUID],
  ],
  state_missing: [
    ["status", "success"],
    ["benji_user_uuid", UUID],
  ],
  state_unknown: [
    ["status", "success"],
    ["state", UNKNOWN_STATE],
    ["benji_user_uuid", UUID],
  ],
};

/**
 * An address that is rejected for this reason, whatever was started before.
 *
 * @example
 * ```ts
 * import { rejectedReturnUrl } from "react-benji-connect/testing";
 *
 * window.history.pushState(null, "", rejectedReturnUrl("state_missing"));
 * ```
 */
export const rejectedReturnUrl = (reason: RejectionByAddress, base: string = CALLBACK): string =>
  addressWith(base, REJECTED[reason]);

const NOWHERE = "http://relative.invalid";

function addressWith(base: string, params: [name: string, value: string | undefined][]): string {
  const url = new URL(base, NOWHERE);
  for (const [name, value] of params) if (value !== undefined) url.searchParams.append(name, value);
  return url.origin === NOWHERE ? url.href.slice(NOWHERE.length) : url.href;
}
