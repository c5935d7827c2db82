import { html, trusted } from "./html.js";
import type { Html } from "./html.js";
import { SCENARIOS } from "../scenarios.js";
import type { SandboxScenario } from "../scenarios.js";
import { STYLES } from "./styles.js";
import type { TokenContents } from "../records/tokens.js";
import { actionOf } from "./readVisit.js";
import type { FlowProblem } from "./readVisit.js";

interface FlowView {
  readonly contents: TokenContents;
  readonly partnerName: string;
  readonly action: string;
  readonly isPreview: boolean;
  readonly scenario: SandboxScenario;
  readonly canReturn: boolean;
  /** The member has sent an amount that is no number. */
  readonly isAmountWrong: boolean;
}

interface ProblemView {
  readonly problem: FlowProblem;
  readonly action: string;
  readonly canReturn: boolean;
}

export function flowPage(view: FlowView): Response {
  const text = MODE_TEXTS[view.contents.mode];
  return answerPage(
    view.isAmountWrong ? 400 : 200,
    text.title,
    html`${view.isPreview ? PREVIEW_BANNER : undefined}
      <form method="post" action="${view.action}">
        <main class="card">
          ${pairOf(view.partnerName)}
          <h1>${text.title}</h1>
          <p class="lead">${text.lead(html`<strong>${view.partnerName}</strong>`)}</p>
          ${amountOf(view)}
          <ul class="steps">
            ${stepsOf(view).map((step) => html`<li>${TICK}<span>${step}</span></li>`)}
          </ul>
          ${actionsOf(view, text.button)}
        </main>
        ${drawerOf(view)}
      </form>`,
  );
}

export function problemPage({ problem, action, canReturn }: ProblemView): Response {
  const { status, title, detail } = PROBLEM_TEXTS[problem];
  const button = html`<form method="post" action="${action}">
    <button class="primary" name="outcome" value="back">Go back to the shop</button>
  </form>`;
  return answerPage(status, title, noticeOf("bad", title, detail, canReturn ? button : undefined));
}

export function finishedPage(status: "success" | "error"): Response {
  const title = status === "success" ? "All done" : "That did not work";
  const detail =
    "The flow has ended. No Redirect URL is configured, so you are not sent back. " +
    "You can close this window.";
  return answerPage(200, title, noticeOf(status === "success" ? "good" : "bad", title, detail));
}

export function closedPage(): Response {
  const title = "You can close this window";
  const detail =
    "Nothing was changed, and the shop was not informed. It gets no answer from this visit.";
  return answerPage(200, title, noticeOf("good", title, detail));
}

export function startPage(): Response {
  const title = "The sandbox is running";
  const detail =
    "Create a token with POST /auth/connect, then open the connect_url it answers with. " +
    "Or open /<partnershipId> to enter without a token.";
  return answerPage(200, title, noticeOf("good", title, detail));
}

export function notFoundPage(): Response {
  const title = "Nothing lives here";
  return answerPage(404, title, noticeOf("bad", title, "This address is no page of the sandbox."));
}

export function foreignFormPage(): Response {
  const title = "This form came from another site";
  const detail = "Nothing was done. Open the sandbox’s own page and use its buttons.";
  return answerPage(403, title, noticeOf("bad", title, detail));
}

export function methodPage(): Response {
  const title = "Not that way";
  const page = noticeOf("bad", title, "This page takes GET, and POST from its own form.");
  return answerPage(405, title, page, { Allow: "GET, HEAD, POST" });
}

interface ModeText {
  readonly title: string;
  readonly button: string;
  lead(partner: Html): Html;
  readonly step: string;
}

const MODE_TEXTS: Readonly<Record<TokenContents["mode"], ModeText>> = {
  1: {
    title: "Connect your rewards account",
    button: "Connect rewards account",
    lead: (partner) => html`Link the rewards account you have with ${partner}.`,
    step: "Your accounts are linked. No points are moved.",
  },
  3: {
    title: "Transfer your points",
    button: "Transfer points",
    lead: (partner) => html`Move points with ${partner} from one account to the other.`,
    step: "Your accounts are linked and the points are transferred.",
  },
  4: {
    title: "Redeem your points",
    button: "Redeem points",
    lead: (partner) => html`Use your points with ${partner}.`,
    step: "Your accounts are linked and the points are redeemed.",
  },
};

const PROBLEM_TEXTS: Readonly<
  Record<FlowProblem, { readonly status: number; readonly title: string; readonly detail: string }>
> = {
  unknown: {
    status: 404,
    title: "This link is not valid",
    detail: "Its connect token is not known here. Start again from the shop.",
  },
  expired: {
    status: 410,
    title: "This link has expired",
    detail: "Its connect token was only good for a short time. Start again from the shop.",
  },
  used: {
    status: 410,
    title: "This link was already used",
    detail: "Its connect token has finished a flow before. Start again from the shop.",
  },
  mode: {
    status: 400,
    title: "This link is incomplete",
    detail: "Its mode is none of 1 (Connect), 3 (Transfer) and 4 (Redeem).",
  },
  amount: {
    status: 400,
    title: "This link is incomplete",
    detail: "Its amount is not a number.",
  },
};

function pairOf(partnerName: string): Html {
  const initial = ([...partnerName.trim()][0] ?? "?").toUpperCase();
  return html`<div class="pair" aria-hidden="true">
    <span class="avatar partner">${initial}</span><span class="link"></span
    ><span class="avatar benji">${SPARK}</span>
  </div>`;
}

function amountOf(view: FlowView): Html | undefined {
  const action = actionOf(view.contents);
  if (!action) return undefined;
  if (action.allowsEditing) return amountFieldOf(view, action.amount);
  return html`<div class="amount">
    <span class="label">Amount</span>
    <span class="value"><strong>${action.amount.toLocaleString("en-US")}</strong> points</span>
  </div>`;
}

function amountFieldOf({ isPreview, isAmountWrong }: FlowView, amount: number): Html {
  return html`<div class="amount">
    <label for="amount">Amount</label>
    <span class="value"
      ><input
        id="amount"
        name="amount"
        type="number"
        step="any"
        inputmode="decimal"
        required
        aria-describedby="amount-hint"
        value="${amount}"
        ${isPreview ? trusted("disabled") : undefined}
        ${isAmountWrong ? trusted('aria-invalid="true" autofocus') : undefined}
      />
      points</span
    >
    <p class="hint" id="amount-hint">
      ${isAmountWrong ? "Write a number, such as 1000." : "You can change how many."}
    </p>
  </div>`;
}

function stepsOf({ contents, canReturn }: FlowView): readonly string[] {
  return [
    contents.userExternalId === undefined
      ? "A real visit would ask you to sign in first. Here you already are."
      : "The shop has told us who you are, so there is no sign-in.",
    MODE_TEXTS[contents.mode].step,
    canReturn
      ? "You are then taken straight back to the shop."
      : "You then stay here: no Redirect URL is configured.",
  ];
}

function actionsOf({ isPreview }: FlowView, label: string): Html {
  const disabled = isPreview ? trusted("disabled") : undefined;
  return html`<button class="primary" name="outcome" value="success" ${disabled}>${label}</button>
    <div class="exits">
      <button class="quiet" name="outcome" value="error" formnovalidate ${disabled}>
        Fail this flow
      </button>
      <button class="quiet" name="outcome" value="close" formnovalidate ${disabled}>
        Close without returning
      </button>
    </div>`;
}

function drawerOf(view: FlowView): Html {
  const isChosen = view.scenario !== "success";
  return html`<details ${isChosen ? trusted("open") : undefined}>
    <summary>Scenarios <span class="chosen">for testers</span>${CHEVRON}</summary>
    ${choicesOf("flow", "How should this flow go?", view)}
    ${choicesOf("afterwards", "Or as documented, and afterwards?", view)}
  </details>`;
}

function choicesOf(part: "flow" | "afterwards", legend: string, view: FlowView): Html {
  return html`<fieldset ${view.isPreview ? trusted("disabled") : undefined}>
    <legend>${legend}</legend>
    ${SCENARIOS.filter((scenario) => scenario.part === part).map(
      ({ name, label, detail }) =>
        html`<label class="choice">
          <input
            type="radio"
            name="scenario"
            value="${name}"
            ${name === view.scenario ? trusted("checked") : undefined}
          />
          <span><b>${label}</b> <small>${detail}</small></span>
        </label>`,
    )}
  </fieldset>`;
}

function noticeOf(tone: "good" | "bad", title: string, detail: string, action?: Html): Html {
  return html`<main class="card">
    <div class="mark ${tone}" aria-hidden="true">${tone === "good" ? TICK : EXCLAMATION}</div>
    <h1>${title}</h1>
    <p class="lead">${detail}</p>
    ${action}
  </main>`;
}

const PREVIEW_BANNER = html`<p class="banner" role="note">
  Preview: this is how the page looks. Its buttons do nothing.
</p>`;

const FOOTER = html`<footer>
  <p>This is a local sandbox, not Benji. No account is touched and no points are moved.</p>
  <p>
    <strong>Not documented</strong>, and so the sandbox’s own choice: how this page looks; that a
    connect token works once and for 15 minutes unless set otherwise; that a form sent twice returns
    twice alike; that an error return can carry the user id; that an amount in a link cannot be
    edited; that return parameters are appended to the Redirect URL without replacing any; that a
    relative Redirect URL belongs to the shop’s origin if that is known; which webhooks follow a
    flow, and when.
  </p>
</footer>`;

const SPARK = trusted(
  `<svg viewBox="0 0 24 24" fill="currentColor" aria-hidden="true"><path d="M12 2.5c.7 5.4 4.1 8.8 9.5 9.5-5.4.7-8.8 4.1-9.5 9.5-.7-5.4-4.1-8.8-9.5-9.5 5.4-.7 8.8-4.1 9.5-9.5z"/></svg>`,
);
const LOGO = trusted(
  `<svg viewBox="0 0 26 26" aria-hidden="true"><rect width="26" height="26" rx="8" fill="var(--accent)"/><path fill="var(--on-accent)" d="M13 5c.6 4.6 3.4 7.4 8 8-4.6.6-7.4 3.4-8 8-.6-4.6-3.4-7.4-8-8 4.6-.6 7.4-3.4 8-8z"/></svg>`,
);
const TICK = trusted(
  `<svg viewBox="0 0 20 20" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true"><path d="m4.5 10.5 3.5 3.5 7.5-8"/></svg>`,
);
const EXCLAMATION = trusted(
  `<svg viewBox="0 0 20 20" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" aria-hidden="true"><path d="M10 5v6M10 14.5v.01"/></svg>`,
);
const CHEVRON = trusted(
  `<svg viewBox="0 0 16 16" fill="none" stroke="currentColor" stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true"><path d="m4 6 4 4 4-4"/></svg>`,
);
const ICON =
  "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 26 26'%3E%3Crect width='26' height='26' rx='8' fill='%230b6b55'/%3E%3Cpath fill='%23fff' d='M13 5c.6 4.6 3.4 7.4 8 8-4.6.6-7.4 3.4-8 8-.6-4.6-3.4-7.4-8-8 4.6-.6 7.4-3.4 8-8z'/%3E%3C/svg%3E";

function answerPage(status: number, title: string, content: Html, headers = {}): Response {
  const nonce = crypto.randomUUID();
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title} · Benji sandbox</title>
        <link rel="icon" href="${ICON}" />
        <style nonce="${nonce}">
          ${trusted(STYLES)}
        </style>
      </head>
      <body>
        <div class="column">
          <header><span class="brand">${LOGO} Benji</span><span class="chip">Sandbox</span></header>
          ${content} ${FOOTER}
        </div>
      </body>
    </html>`;
  return new Response(page.text, { status, headers: { ...pageHeaders(nonce), ...headers } });
}

// Only pages of this machine, such as Storybook, may frame the page: another site could trick a member
// into pressing an invisible button (clickjacking).
const ANCESTORS = ["localhost", "*.localhost", "127.0.0.1"].flatMap((host) => [
  `http://${host}:*`,
  `https://${host}:*`,
]);

// There is no form-action: Chromium applies it to every redirect after a form is sent, and the sandbox
// does not know where the partner's return page redirects to.
function pageHeaders(nonce: string): Record<string, string> {
  return {
    "Content-Type": "text/html; charset=utf-8",
    "Content-Security-Policy": [
      "default-src 'none'",
      `style-src 'nonce-${nonce}'`,
      "img-src data:",
      "base-uri 'none'",
      `frame-ancestors 'self' ${ANCESTORS.join(" ")}`,
    ].join("; "),
    // With no-referrer a browser sends the page's own form with `Origin: null`.
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
  };
}
