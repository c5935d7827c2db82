import { userUuidOf } from "../records/identity.js";
import { keepNewest } from "../records/newest.js";
import { isOwnForm } from "./ownForm.js";
import {
  closedPage,
  finishedPage,
  flowPage,
  foreignFormPage,
  methodPage,
  problemPage,
  startPage,
} from "./pages.js";
import { describeReturn, mergeIntoQuery } from "./redirectBack.js";
import type { FlowReturn } from "./redirectBack.js";
import { isScenario, invalidationOf } from "../scenarios.js";
import type { SandboxScenario } from "../scenarios.js";
import type { ScenarioChoice } from "../records/scenarioChoice.js";
import type { TokenContents, TokenStore } from "../records/tokens.js";
import type { SucceededFlow } from "../webhooks/afterFlow.js";
import { actionOf, addressOf, openFlow, parseAmount, readVisit } from "./readVisit.js";
import type { Flow, Visit } from "./readVisit.js";

export interface HostedContext {
  readonly tokens: TokenStore<TokenContents>;
  /** How each token's flow ended: a form that is sent twice gets the same answer. */
  readonly endings: Map<string, Promise<Ending>>;
  readonly scenarioChoice: ScenarioChoice;
  /** The sandbox's origin as browsers see it, where it differs from the request's. */
  readonly baseUrl: string | undefined;
  /** Returns where members are sent back to; undefined when no Redirect URL is set. */
  redirectUrl(): string | undefined;
  readonly nameOf: (partnershipId: string | undefined) => string;
  /** Called with every flow that has succeeded. It must return at once. */
  announce(flow: SucceededFlow): void;
}

export interface Ending {
  readonly status: "success" | "error";
  /** Undefined where the member is not sent back. */
  readonly location: string | undefined;
}

/** What the member has decided on the page. */
interface Decision {
  readonly status: "success" | "error";
  readonly scenario: SandboxScenario;
  readonly amount: number | undefined;
}

const SLOW_MS = 1_500;

/** Shows the flow (`GET`) and finishes it (`POST` to the same address, from a plain form). */
export async function answerHostedConnect(
  request: Request,
  partnershipId: string | undefined,
  context: HostedContext,
): Promise<Response> {
  const visit = readVisit(request.url, partnershipId);
  if (partnershipId === undefined && !visit.query.has("connect_token")) return startPage();

  switch (request.method) {
    case "GET":
    case "HEAD":
      return showFlow(visit, context);
    case "POST":
      if (!isOwnForm(request, context.baseUrl)) return foreignFormPage();
      return visit.isPreview ? showFlow(visit, context) : takeForm(request, visit, context);
    default:
      return methodPage();
  }
}

function showFlow(visit: Visit, context: HostedContext): Response {
  const flow = openFlow(visit, context.tokens);
  const scenario = context.scenarioChoice.scenarioOf(flow.token);
  const invalidated = visit.isPreview ? undefined : invalidateFlow(flow, scenario, context);
  return pageOf(invalidated ?? flow, { visit, scenario, context });
}

/** One request for the page, and the scenario to run. */
interface FlowRun {
  readonly visit: Visit;
  readonly scenario: SandboxScenario;
  readonly context: HostedContext;
}

function pageOf(
  flow: Flow,
  { visit, scenario, context }: FlowRun,
  isAmountWrong = false,
): Response {
  const action = addressOf(visit, flow.token);
  const canReturn = redirectUrlFor(scenario, context) !== undefined;
  if (flow.status === "broken") return problemPage({ problem: flow.problem, action, canReturn });

  const { contents } = flow;
  const partnerName = contents.displayName ?? context.nameOf(contents.partnershipId);
  const { isPreview } = visit;
  return flowPage({ contents, partnerName, action, isPreview, scenario, canReturn, isAmountWrong });
}

async function takeForm(request: Request, visit: Visit, context: HostedContext): Promise<Response> {
  const form = new URLSearchParams(await request.text());
  const outcome = form.get("outcome");
  if (outcome === "close") return closedPage();

  const scenario = chooseScenario(form, visit, context);
  if (scenario === "slow") await pause(SLOW_MS);
  const run = { visit, scenario, context };
  if (outcome === "back") return leave(run);
  // A form that was sent twice redirects the member as it did the first time.
  const ending = context.endings.get(visit.query.get("connect_token") ?? "");
  if (ending) return sendBack(await ending);

  const flow = openFlow(visit, context.tokens);
  if (flow.status === "broken") {
    const isLeaving = outcome !== "success";
    return isLeaving ? leave(run) : pageOf(flow, run);
  }
  if (scenario === "close") return closeFlow(flow, context);
  const invalidated = invalidateFlow(flow, scenario, context);
  if (invalidated) return pageOf(invalidated, run);
  return finishFlow(flow, form, run);
}

/** Returns the scenario chosen on the page, or else the one set for the token or the next flow. */
function chooseScenario(
  form: URLSearchParams,
  visit: Visit,
  context: HostedContext,
): SandboxScenario {
  const chosen = form.get("scenario");
  if (isScenario(chosen)) return chosen;
  return context.scenarioChoice.scenarioOf(visit.query.get("connect_token") ?? undefined);
}

/**
 * Sends the member back from a problem page: no flow has ended, so the return has only `status=error`
 * and the state.
 */
async function leave({ visit, scenario, context }: FlowRun): Promise<Response> {
  context.scenarioChoice.markUsed(visit.query.get("connect_token") ?? undefined);
  const { state } = visit;
  const back = { status: "error", state, userUuid: undefined, triggerEventId: undefined } as const;
  return sendBack(await describeEnding(back, scenario, redirectUrlFor(scenario, context)));
}

function closeFlow(flow: Flow, context: HostedContext): Response {
  context.scenarioChoice.markUsed(flow.token);
  return closedPage();
}

/** Plays the scenarios in which the token itself stops working. */
function invalidateFlow(
  flow: Flow,
  scenario: SandboxScenario,
  context: HostedContext,
): Flow | undefined {
  const problem = invalidationOf(scenario);
  const { status, token } = flow;
  if (problem === undefined || status !== "open" || token === undefined) return undefined;
  context.tokens.invalidate(token, problem);
  context.scenarioChoice.markUsed(token);
  return { status: "broken", token, problem };
}

async function finishFlow(
  flow: Extract<Flow, { status: "open" }>,
  form: URLSearchParams,
  run: FlowRun,
): Promise<Response> {
  const { visit, scenario, context } = run;
  const isSuccess = form.get("outcome") === "success" && scenario !== "error";
  const amount = readAmount(form, flow.contents);
  if (isSuccess && amount === "wrong") return pageOf(flow, run, true);

  const status = isSuccess ? "success" : "error";
  const decision: Decision = { status, scenario, amount: amount === "wrong" ? undefined : amount };
  const ending = endFlow(flow.contents, decision, visit, context);
  // This runs before any `await`: a form that is sent again must find the token used and the ending
  // stored.
  if (flow.token !== undefined) {
    context.tokens.invalidate(flow.token, "used");
    keepNewest(context.endings, flow.token, ending);
  }
  context.scenarioChoice.markUsed(flow.token);
  return sendBack(await ending);
}

function readAmount(form: URLSearchParams, contents: TokenContents): number | undefined | "wrong" {
  const action = actionOf(contents);
  const edited = form.get("amount");
  if (!action?.allowsEditing || edited === null) return action?.amount;
  return parseAmount(edited) ?? "wrong";
}

async function endFlow(
  contents: TokenContents,
  { status, scenario, amount }: Decision,
  visit: Visit,
  context: HostedContext,
): Promise<Ending> {
  const redirectUrl = redirectUrlFor(scenario, context);
  const userUuid = await userUuidOf(contents);
  const isTransaction = contents.mode !== 1 && status === "success";
  const triggerEventId = isTransaction ? crypto.randomUUID() : undefined;
  if (status === "success") {
    context.announce({ contents, amount, userUuid, triggerEventId, scenario });
  }
  return describeEnding(
    { status, state: visit.state, userUuid, triggerEventId },
    scenario,
    redirectUrl,
  );
}

async function describeEnding(
  back: FlowReturn,
  scenario: SandboxScenario,
  redirectUrl: string | undefined,
): Promise<Ending> {
  if (redirectUrl === undefined) return { status: back.status, location: undefined };
  const location = mergeIntoQuery(redirectUrl, await describeReturn(back, scenario));
  return { status: back.status, location };
}

function sendBack({ status, location }: Ending): Response {
  if (location === undefined) return finishedPage(status);
  return new Response(null, {
    status: 303,
    headers: {
      Location: location,
      "Cache-Control": "no-store",
      "Referrer-Policy": "no-referrer",
    },
  });
}

function redirectUrlFor(scenario: SandboxScenario, context: HostedContext): string | undefined {
  return scenario === "no-redirect-url" ? undefined : context.redirectUrl();
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
