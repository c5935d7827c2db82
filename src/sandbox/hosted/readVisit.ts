import { isTokenMode } from "../records/tokens.js";
import type { TokenAction, TokenContents, TokenStore } from "../records/tokens.js";

/** The address of the hosted page, parsed. */
export interface Visit {
  /** Undefined where neither path nor host names it; then only a token can. */
  readonly partnershipId: string | undefined;
  readonly query: URLSearchParams;
  readonly state: string | undefined;
  readonly isPreview: boolean;
}

/** Why a flow cannot be opened. */
export type FlowProblem = "unknown" | "expired" | "used" | "mode" | "amount";

/** What the page shows: a flow that the member can finish, or why there is none. */
export type Flow =
  | {
      readonly status: "open";
      /** Undefined in a preview without a token: a preview creates none. */
      readonly token: string | undefined;
      readonly contents: TokenContents;
    }
  | {
      readonly status: "broken";
      readonly token: string | undefined;
      readonly problem: FlowProblem;
    };

export function readVisit(address: string, partnershipId: string | undefined): Visit {
  const query = new URL(address).searchParams;
  const state = query.get("state") ?? undefined;
  return { partnershipId, query, state, isPreview: query.get("preview") === "1" };
}

export function openFlow(visit: Visit, tokens: TokenStore<TokenContents>): Flow {
  const token = visit.query.get("connect_token");
  return token === null ? openWithoutToken(visit, tokens) : openWithToken(token, visit, tokens);
}

// The form repeats the state in its address, not in a hidden field: a browser rewrites line breaks in
// fields, and the state must come back unchanged.
export function addressOf(visit: Visit, token: string | undefined): string {
  const query = new URLSearchParams(visit.query);
  if (token !== undefined) query.set("connect_token", token);
  return `?${query.toString()}`;
}

/** Returns the action for the flow's mode; the page shows its amount. */
export function actionOf({ actions, mode }: TokenContents): TokenAction | undefined {
  return actions.find((action) => action.mode === mode);
}

/** Reads a number from the query or a form; returns `undefined` for any other text. */
export function parseAmount(text: string): number | undefined {
  const amount = Number(text);
  return text.trim() !== "" && Number.isFinite(amount) ? amount : undefined;
}

function openWithToken(token: string, visit: Visit, tokens: TokenStore<TokenContents>): Flow {
  const found = tokens.look(token);
  if (found.status !== "valid") return { status: "broken", token, problem: found.status };
  const partnershipId = found.contents.partnershipId ?? visit.partnershipId;
  return { status: "open", token, contents: { ...found.contents, partnershipId } };
}

function openWithoutToken(visit: Visit, tokens: TokenStore<TokenContents>): Flow {
  const contents = contentsFromQuery(visit);
  if (typeof contents === "string") {
    return { status: "broken", token: undefined, problem: contents };
  }
  return { status: "open", token: visit.isPreview ? undefined : tokens.create(contents), contents };
}

/** Reads what a token would contain from the query, for a visit without a token. */
function contentsFromQuery({ partnershipId, query }: Visit): TokenContents | FlowProblem {
  const mode = Number(query.get("mode") ?? "1");
  if (!isTokenMode(mode)) return "mode";

  const amountText = query.get("amount");
  const amount = amountText === null ? undefined : parseAmount(amountText);
  if (amountText !== null && amount === undefined) return "amount";

  return {
    partnershipId,
    mode,
    displayName: undefined,
    userExternalId: query.get("user_external_id") ?? undefined,
    actions: amount === undefined ? [] : actionsFor(mode, amount),
  };
}

/**
 * An amount in the page's address is fixed: the page shows a field for another amount only where a token
 * says `allows_editing`.
 */
function actionsFor(mode: TokenContents["mode"], amount: number): readonly TokenAction[] {
  return mode === 1 ? [] : [{ mode, amount, allowsEditing: false }];
}
