import type { SandboxWebhook } from "../webhooks/outbox.js";
import { isEvent } from "../webhooks/webhooks.js";
import type { Webhooks } from "../webhooks/webhooks.js";
import { answerOk, refuse, refuseInput } from "./apiAnswers.js";
import { hasApiKey, readCall, type Credentials } from "./readCall.js";

export interface ControlContext extends Credentials {
  readonly webhooks: Webhooks;
}

/**
 * Answers `POST /sandbox/trigger` and `/sandbox/resend`, the sandbox's own routes for its command line.
 * A page of another site cannot call them, because CORS does not allow the key's header.
 */
export async function answerControl(
  request: Request,
  path: ControlPath,
  context: ControlContext,
): Promise<Response> {
  const call = await readCall(request, () =>
    hasApiKey(request, context) ? undefined : "Send a key of this sandbox in x-api-key.",
  );
  if ("refusal" in call) return call.refusal;
  const work = CONTROLS[path](call.body, context.webhooks);
  return work === undefined ? refuseInput(EXPECTED[path]) : answerWith(work);
}

export type ControlPath = "/sandbox/trigger" | "/sandbox/resend";

export function isControlPath(path: string): path is ControlPath {
  return Object.hasOwn(CONTROLS, path);
}

type Control = (
  body: Record<string, unknown>,
  webhooks: Webhooks,
) => Promise<SandboxWebhook> | undefined;

const CONTROLS: Readonly<Record<ControlPath, Control>> = {
  "/sandbox/trigger": ({ event }, { trigger }) => (isEvent(event) ? trigger(event) : undefined),
  "/sandbox/resend": ({ number }, { resend }) =>
    typeof number === "number" ? resend(number) : undefined,
};

const EXPECTED: Readonly<Record<ControlPath, string>> = {
  "/sandbox/trigger": "event is required: one that Benji documents.",
  "/sandbox/resend": "number is required: that of a webhook in the log.",
};

async function answerWith(work: Promise<SandboxWebhook>): Promise<Response> {
  try {
    return answerOk({ webhook: await work });
  } catch (error) {
    return refuse({ status: 409, code: "not_possible", message: (error as Error).message });
  }
}
