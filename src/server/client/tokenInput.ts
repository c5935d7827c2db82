import { EXCHANGE, MODE_NUMBERS, TOKEN_REQUEST } from "../../contract.js";
import { parseMode, type ConnectMode, type ConnectModeNumber } from "../../core/mode.js";
import { invalidRequest } from "./apiError.js";
import { isJsonObject, ownField } from "../jsonObject.js";
import { got, ownOptions } from "../options.js";

/** What the member may do at Benji, and for how much. Decide all of it on the server. */
export interface ConnectAction {
  /** A name, or Benji's number: 3 transfer, 4 redeem. */
  mode: "transfer" | "redeem" | 3 | 4;
  /** In points: finite, above 0, at most `Number.MAX_SAFE_INTEGER`. */
  amount: number;
  /** Whether the member may change the amount on Benji's page. */
  allowsEditing: boolean;
}

/**
 * The input for a connect token.
 *
 * @see docs/contract.md, "Tokens"
 */
export interface ConnectTokenInput {
  /** The partnership on the Benji platform: non-empty text or a positive integer. */
  partnershipId: string | number;
  /** `"connect"`, `"transfer"`, `"redeem"`, 1, 3 or 4. There is no 2. */
  mode: ConnectMode;
  /** Name shown to the member. Default: the name configured on the platform. */
  displayName?: string | undefined;
  /** Your own id of the signed-in user. When set, the flow can skip the authentication step. */
  userExternalId?: string | undefined;
  /** Sent as `custom_attributes.actions`. */
  actions?: readonly ConnectAction[] | undefined;
  /** Other custom attributes, as JSON values. Give `actions` in its own field, not here. */
  customAttributes?: Readonly<Record<string, unknown>> | undefined;
}

/** The input for a token of the older SDK: the partnership may be left out. */
export type SdkTokenInput = Omit<ConnectTokenInput, "partnershipId"> & {
  partnershipId?: ConnectTokenInput["partnershipId"] | undefined;
};

/**
 * Returns the JSON body of the request for a connect token.
 *
 * @throws BenjiApiError `invalid_request`, naming the field and never its value.
 */
export function buildConnectTokenBody(input: ConnectTokenInput): string {
  const own = ownOptions(input, "{ partnershipId, mode, … }");
  return buildTokenBody(own, checkPartnershipId(own.partnershipId));
}

/** @throws BenjiApiError `invalid_request` */
export function buildSdkTokenBody(input: SdkTokenInput): string {
  const own = ownOptions(input, "{ mode, … }");
  const { partnershipId } = own;
  return buildTokenBody(
    own,
    partnershipId === undefined ? undefined : checkPartnershipId(partnershipId),
  );
}

/** @throws BenjiApiError `invalid_request` */
export function buildExchangeBody(exchangeToken: unknown): string {
  if (typeof exchangeToken === "string" && exchangeToken.trim() !== "")
    return JSON.stringify({ [EXCHANGE.exchangeToken]: exchangeToken });
  throw invalidRequest(`Expected the exchange token as non-empty text; ${got(exchangeToken)}.`);
}

function buildTokenBody(input: SdkTokenInput, partnershipId: string | number | undefined): string {
  const body = {
    [TOKEN_REQUEST.partnershipId]: partnershipId,
    [TOKEN_REQUEST.mode]: wireMode(input.mode, "mode"),
    [TOKEN_REQUEST.displayName]: checkText(input.displayName, "displayName"),
    [TOKEN_REQUEST.userExternalId]: checkText(input.userExternalId, "userExternalId"),
    [TOKEN_REQUEST.customAttributes]: buildCustomAttributes(input),
  };
  return toJson(body); // JSON leaves undefined fields out
}

function toJson(body: object): string {
  try {
    return JSON.stringify(body);
  } catch {
    throw invalidRequest("Expected customAttributes that JSON can express.");
  }
}

function checkPartnershipId(id: unknown): string | number {
  if (typeof id === "string" && id.trim() !== "") return id;
  if (typeof id === "number" && Number.isSafeInteger(id) && id > 0) return id;
  throw invalidRequest(`Expected partnershipId: non-empty text or a positive integer; ${got(id)}.`);
}

function wireMode(mode: unknown, field: string): ConnectModeNumber {
  try {
    return MODE_NUMBERS[parseMode(mode)];
  } catch (cause) {
    const expected = `Expected ${field} "connect", "transfer", "redeem", 1, 3 or 4`;
    throw invalidRequest(`${expected}; ${got(mode)}.`, { cause });
  }
}

function checkText(text: unknown, field: string): string | undefined {
  if (text === undefined || (typeof text === "string" && text.trim() !== "")) return text;
  // An empty user id is a bug in the caller: it could link all members to one account.
  throw invalidRequest(`Expected ${field} as non-empty text, or left out; ${got(text)}.`);
}

function buildCustomAttributes({ actions, customAttributes }: SdkTokenInput) {
  if (actions === undefined && customAttributes === undefined) return undefined;
  if (customAttributes !== undefined && !isJsonObject(customAttributes)) {
    throw invalidRequest(`Expected customAttributes as an object; ${got(customAttributes)}.`);
  }
  if (customAttributes && Object.hasOwn(customAttributes, TOKEN_REQUEST.actions)) {
    // Amounts are accepted only in the field where they are checked.
    throw invalidRequest('Expected actions in the "actions" field, not in customAttributes.');
  }
  return { ...customAttributes, [TOKEN_REQUEST.actions]: buildActions(actions) };
}

function buildActions(actions: unknown) {
  if (actions === undefined) return undefined;
  if (!Array.isArray(actions)) throw invalidRequest(`Expected actions as a list; ${got(actions)}.`);
  return actions.map(buildAction);
}

function buildAction(action: unknown, index: number) {
  const field = `actions[${index}]`;
  if (!isJsonObject(action))
    throw invalidRequest(`Expected ${field} as an object; ${got(action)}.`);
  return {
    [TOKEN_REQUEST.actionMode]: wireActionMode(ownField(action, "mode"), field),
    [TOKEN_REQUEST.amount]: checkAmount(ownField(action, "amount"), field),
    [TOKEN_REQUEST.allowsEditing]: checkAllowsEditing(ownField(action, "allowsEditing"), field),
  };
}

function wireActionMode(mode: unknown, field: string): ConnectModeNumber {
  const number = wireMode(mode, `${field}.mode`);
  if (number !== MODE_NUMBERS.connect) return number;
  throw invalidRequest(`Expected ${field}.mode "transfer", "redeem", 3 or 4.`);
}

function checkAmount(amount: unknown, field: string): number {
  const fits = typeof amount === "number" && amount > 0 && amount <= Number.MAX_SAFE_INTEGER;
  if (fits) return amount;
  throw invalidRequest(
    `Expected ${field}.amount as a number of points, above 0 and at most 2^53 - 1; ${got(amount)}.`,
  );
}

function checkAllowsEditing(allowsEditing: unknown, field: string): boolean {
  if (typeof allowsEditing === "boolean") return allowsEditing;
  throw invalidRequest(`Expected ${field}.allowsEditing as true or false; ${got(allowsEditing)}.`);
}
