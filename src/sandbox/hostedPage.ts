import { stableUuid } from "./identity.js";
import { closedPage, finishedPage, flowPage, methodPage, problemPage, startPage } from "./pages.js";
import type { FlowProblem } from "./pages.js";
import { describeReturn, mergeIntoQuery } from "./redirectBack.js";
import type { FlowReturn } from "./redirectBack.js";
import { isScenario } from "./scenarios.js";
import type { SandboxScenario } from "./scenarios.js";
import { isTokenMode } from "./tokens.js";
import type { TokenAction, TokenContents, TokenStore } from "./tokens.js";

export interface HostedWorld {
  readonly tokens: TokenStore;
  /** Where members are sent back to, or undefined when Pilot has none configured. */
  redirectUrl(): string | undefined;
  nameOf(partnershipId: string): string;
  nextScenario(): SandboxScenario;
  forgetNextScenario(): void;
}

/** What the address of the hosted page says. */
interface Visit {
  /** Undefined on `/`, where only a token can tell the partnership. */
  readonly partnershipId: string | undefined;
  readonly query: URLSearchParams;
  readonly state: string | undefined;
  readonly isPreview: boolean;
}

type Flow =
  | {
      readonly status: "open";
      readonly token: string | undefined;
      readonly contents: TokenContents;
    }
  | { readonly status: "broken"; readonly problem: FlowProblem };

const SLOW_MS = 1_500;

/** Shows the flow (`GET`) and finishes it (`POST` to the same address, from a plain form). */
export async function answerHostedConnect(
  request: Request,
  partnershipId: string | undefined,
  world: HostedWorld,
): Promise<Response> {
  const visit = readVisit(new URL(request.url).searchParams, partnershipId);
  if (partnershipId === undefined && !visit.query.has("connect_token")) return startPage();

  switch (request.method) {
    case "GET":
    case "HEAD":
      return showFlow(visit, world);
    case "POST":
      return visit.isPreview ? showFlow(visit, world) : finishFlow(request, visit, world);
    default:
      return methodPage();
  }
}

function readVisit(query: URLSearchParams, partnershipId: string | undefined): Visit {
  const state = query.get("state") ?? undefined;
  return { partnershipId, query, state, isPreview: query.get("preview") === "1" };
}

function showFlow(visit: Visit, world: HostedWorld): Response {
  const flow = openFlow(visit, world);
  const canReturn = world.redirectUrl() !== undefined;
  if (flow.status === "broken") {
    return problemPage({ problem: flow.problem, action: addressOf(visit, undefined), canReturn });
  }
  return flowPage({
    contents: flow.contents,
    partnerName: flow.contents.displayName ?? world.nameOf(flow.contents.partnershipId),
    action: addressOf(visit, flow.token),
    isPreview: visit.isPreview,
    scenario: world.nextScenario(),
    canReturn,
  });
}

async function finishFlow(request: Request, visit: Visit, world: HostedWorld): Promise<Response> {
  const form = new URLSearchParams(await request.text());
  const outcome = form.get("outcome");
  if (outcome === "close") return closedPage();

  const scenario = chooseScenario(form, world);
  if (scenario === "slow") await pause(SLOW_MS);

  const flow = openFlow(visit, world);
  const status = outcome === "success" && scenario !== "error" ? "success" : "error";
  if (flow.status === "broken" && status === "success") return showFlow(visit, world);

  const back = await describeFlow(flow, visit, status);
  // Asked again, because describing took a moment and another tab may have been faster.
  if (flow.status === "open" && !takeToken(flow.token, world.tokens)) return showFlow(visit, world);
  world.forgetNextScenario();
  return sendBack(back, scenario, world);
}

/** The drawer has the last word; a form without one plays the scenario that was set. */
function chooseScenario(form: URLSearchParams, world: HostedWorld): SandboxScenario {
  const chosen = form.get("scenario");
  return isScenario(chosen) ? chosen : world.nextScenario();
}

function takeToken(token: string | undefined, tokens: TokenStore): boolean {
  if (token === undefined || tokens.look(token).status !== "valid") return false;
  tokens.markUsed(token);
  return true;
}

async function sendBack(
  back: FlowReturn,
  scenario: SandboxScenario,
  world: HostedWorld,
): Promise<Response> {
  const redirectUrl = world.redirectUrl();
  if (redirectUrl === undefined) return finishedPage(back.status);

  const location = mergeIntoQuery(redirectUrl, await describeReturn(back, scenario));
  return new Response(null, {
    status: 303,
    headers: {
      Location: location,
      "Cache-Control": "no-store",
      "Referrer-Policy": "no-referrer",
    },
  });
}

async function describeFlow(
  flow: Flow,
  visit: Visit,
  status: "success" | "error",
): Promise<FlowReturn> {
  if (flow.status === "broken") {
    return { status, state: visit.state, userUuid: undefined, triggerEventId: undefined };
  }
  const isTransaction = flow.contents.mode !== 1 && status === "success";
  return {
    status,
    state: visit.state,
    userUuid: await userUuidOf(flow.contents),
    triggerEventId: isTransaction ? crypto.randomUUID() : undefined,
  };
}

async function userUuidOf({ partnershipId, userExternalId }: TokenContents): Promise<string> {
  if (userExternalId === undefined) return crypto.randomUUID();
  return stableUuid("benji user", partnershipId, userExternalId);
}

function openFlow(visit: Visit, world: HostedWorld): Flow {
  const token = visit.query.get("connect_token");
  return token === null ? openWithoutToken(visit, world) : openWithToken(token, world);
}

function openWithToken(token: string, world: HostedWorld): Flow {
  const found = world.tokens.look(token);
  if (found.status !== "valid") return { status: "broken", problem: found.status };
  return { status: "open", token, contents: found.contents };
}

function openWithoutToken(visit: Visit, world: HostedWorld): Flow {
  const contents = contentsFromQuery(visit);
  if (typeof contents === "string") return { status: "broken", problem: contents };
  const token = visit.isPreview ? undefined : world.tokens.create(contents);
  return { status: "open", token, contents };
}

/** The tokenless entry: the query says what a token would have said. */
function contentsFromQuery({ partnershipId = "", query }: Visit): TokenContents | FlowProblem {
  const mode = Number(query.get("mode") ?? "1");
  if (!isTokenMode(mode)) return "mode";

  const amount = query.get("amount");
  if (amount !== null && !isAmount(amount)) return "amount";

  return {
    partnershipId,
    mode,
    displayName: undefined,
    userExternalId: query.get("user_external_id") ?? undefined,
    actions: amount === null ? [] : actionsFor(mode, Number(amount)),
  };
}

/** A link cannot grant editing: only a token's `allows_editing` can. */
function actionsFor(mode: TokenContents["mode"], amount: number): readonly TokenAction[] {
  return mode === 1 ? [] : [{ mode, amount, allowsEditing: false }];
}

function isAmount(text: string): boolean {
  return text.trim() !== "" && Number.isFinite(Number(text));
}

// The form repeats the state in its address, not in a hidden field: a browser rewrites
// line breaks in fields, and the state has to come back as it was.
function addressOf(visit: Visit, token: string | undefined): string {
  const query = new URLSearchParams(visit.query);
  if (token !== undefined) query.set("connect_token", token);
  return `?${query.toString()}`;
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
