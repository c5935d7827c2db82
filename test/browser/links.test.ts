import {
  askBenjiAboutMember,
  confirmWithBenji,
  createBenjiClient,
  createConfirmHandler,
} from "react-benji-connect/server";
import { beforeEach, expect, it } from "vitest";
import { readSession } from "../../demo/session.js";
import type { Visitor } from "./engines/visitor.js";
import { openProbe, probeUrl, readProbe, setUpProbe } from "./probe/openProbe.js";
import {
  demo,
  expectCleanAddress,
  finish,
  forgetComplaints,
  interceptShop,
  newVisitor,
} from "./shopAndBenji.js";

openProbe();

const MEMBER = "corner-coffee-member-7";
const NOT_YET = { status: "unconfirmed", error: { code: "confirm_pending" } };

beforeEach(() => {
  setUpProbe({ confirm: "/api/links/confirm", waitMs: 1_500, acceptsLinks: true });
  const confirm = createLinkConfirmRoute();
  interceptShop((request, shop) =>
    new URL(request.url).pathname === "/api/links/confirm" ? confirm(request) : shop(request),
  );
});

const createClient = () =>
  createBenjiClient({ apiKey: demo.backend.apiKey, baseUrl: demo.backend.baseUrl });

/** The shop's confirm route as docs/emails.md writes it. */
function createLinkConfirmRoute() {
  const benji = {
    client: createClient(),
    store: demo.backend.store,
    partnershipUuid: demo.backend.partnershipUuid,
    undocumentedUserExternalIdIn: "merchants" as const,
    userExternalId: (user: { id: string }) => user.id,
  };
  return createConfirmHandler({
    apiKey: demo.backend.apiKey,
    getUser: readSession,
    isConfirmed: confirmWithBenji(benji),
    dangerouslyConfirmReturnsWithoutState: askBenjiAboutMember(benji),
  });
}

/** Opens the link of an e-mail to Benji's page and finishes there. No page of the shop has started this flow. */
async function followLink(page: Visitor, mode: "connect" | "transfer" = "connect"): Promise<void> {
  const actions = [{ mode: "transfer" as const, amount: 1_000, allowsEditing: false }];
  const link = await createClient().createConnectUrl({
    partnershipId: 49,
    userExternalId: MEMBER,
    ...(mode === "connect" ? { mode } : { mode, actions }),
  });
  await page.open(link);
  await finish(page);
}

it("a connection begun with a link is a success if Benji names the signed-in member, also after a reload", async () => {
  const page = await newVisitor();
  await followLink(page);
  const confirmation = expect.objectContaining({ confirmed: "member" }) as object;
  const success = { status: "success", begunElsewhere: true, confirmation };
  expect(await readProbe(page)).toMatchObject({ ...success, replayed: false });
  await expectCleanAddress(page);

  await page.reload();
  expect(await readProbe(page)).toMatchObject({ ...success, replayed: true });
});

it("a connection begun with a link is not confirmed for another signed-in member (T5)", async () => {
  const page = await newVisitor();
  await page.open(`${demo.shopUrl}/probe/start`);
  await page.run(() => void (document.cookie = "member=somebody-else; Path=/"));
  await followLink(page);
  expect(await readProbe(page)).toMatchObject(NOT_YET);
});

it("a return without a state and with a made-up uuid of a user is unconfirmed (T5)", async () => {
  const page = await newVisitor();
  const uuid = "0f6d2c1e-1f1a-4e0a-9f0e-3d6a5b7c8d90";
  await page.open(probeUrl(`shop=corner&status=success&benji_user_uuid=${uuid}`));
  expect(await readProbe(page)).toMatchObject(NOT_YET);
  await expectCleanAddress(page);
});

it("a transfer begun with a link is rejected as state_not_bound (T5)", async () => {
  const page = await newVisitor();
  await followLink(page, "transfer");
  expect(await readProbe(page)).toMatchObject({ status: "rejected", reason: "state_not_bound" });
  forgetComplaints(); // about the 403
});
