// getUser, getTransaction and getPartnership of the client.
import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import {
  BENJI_PRODUCTION_URL,
  BENJI_STAGING_URL,
  type BenjiApiError,
  createBenjiClient,
} from "../../src/server/index.js";
import {
  type Answer,
  benjiAnswering,
  brokenBody,
  html,
  KEY,
  okAnswer,
  URL_OF_BENJI,
} from "./benji.js";

const UUID = "0b6f2c6e-2f4b-4a53-9f0e-6f3b1c9a7d10";
const OTHER = "7c1a2d9e-0000-4a53-9f0e-6f3b1c9a7d11";

// Benji's documented entities, not taken from the code under test.
const USER = {
  uuid_id: UUID,
  id: 7021,
  first_name: "Ada",
  last_name: "Canary",
  email: "canary@example.test",
  phone_number: null,
  created_date: "2026-03-04T05:06:07.123456+00:00",
  external_id: null,
  merchants: [{ id: 1, user_id: 7021, merchant_id: 12, external_id: "ada-1", created_date: null }],
  partner_status_tiers: [
    {
      id: 9,
      partner_id: 5,
      external_id: 4711,
      total_rewards: 1250,
      created_date: "2026-03-04T05:06:07+00:00",
    },
  ],
};

const TRANSACTION = {
  id: 243,
  partnership_uuid: OTHER,
  user_uuid: UUID,
  trigger_event_uuid_id: OTHER,
  trigger_event_id: 17,
  reward_amount: 1000,
  transaction_type: 2,
  transaction_status: 3,
  created_date: "2026-03-04T05:06:07.000000+00:00",
};

const PARTNERSHIP = {
  uuid_id: UUID,
  name: "Corner Coffee",
  merchant_id: 12,
  partner_id: "5",
  is_active: 1,
  campaigns: null,
};

function clientOf(answer: Answer) {
  const { fetch, asked } = benjiAnswering(answer);
  return { client: createBenjiClient({ apiKey: KEY, baseUrl: URL_OF_BENJI, fetch }), asked };
}

const userOf = (user: unknown, uuid = UUID) =>
  clientOf(() => okAnswer({ user })).client.getUser(uuid);
const transactionOf = (fields: object) =>
  clientOf(() => okAnswer({ reward_transaction: fields })).client.getTransaction(UUID);
const partnershipOf = (partnership: unknown) =>
  clientOf(() => okAnswer({ partnership })).client.getPartnership(UUID);

async function failureOf(work: Promise<unknown>): Promise<BenjiApiError> {
  const error = await work.then(
    () => expect.fail("nothing was refused"),
    (reason: unknown) => reason,
  );
  return error as BenjiApiError;
}

const CALLS = [
  ["getUser", "users"],
  ["getTransaction", "transactions"],
  ["getPartnership", "partnerships"],
] as const;

describe("getUser", () => {
  it("getUser sends one GET with the key, and returns the user in camelCase with ids as strings", async () => {
    const { client, asked } = clientOf(() => okAnswer({ user: USER }));
    expect(await client.getUser(UUID)).toStrictEqual({
      uuid: UUID,
      id: "7021",
      firstName: "Ada",
      lastName: "Canary",
      email: "canary@example.test",
      createdAt: new Date("2026-03-04T05:06:07.123Z"),
      merchants: [{ merchantId: "12", externalId: "ada-1" }],
      partnerStatusTiers: [
        {
          partnerId: "5",
          externalId: "4711",
          totalRewards: 1250,
          createdAt: new Date("2026-03-04T05:06:07Z"),
        },
      ],
    });
    const [{ request, body } = expect.fail()] = asked;
    expect([request.method, request.url]).toEqual(["GET", `https://api.benji.test/users/${UUID}`]);
    expect(request.headers.get("x-api-key")).toBe(KEY);
    expect(request.headers.has("content-type")).toBe(false);
    expect(body).toBeUndefined();
  });

  it("getUser accepts a uuid in upper and in lower case", async () => {
    expect((await userOf(USER, UUID.toUpperCase())).uuid).toBe(UUID);
  });

  it("getUser reads a date without an offset as UTC, and omits an invalid date", async () => {
    const read = async (created_date: unknown) =>
      (await userOf({ ...USER, created_date })).createdAt;
    expect(await read("2026-03-04 05:06:07")).toEqual(new Date("2026-03-04T05:06:07Z"));
    expect(await read("2026-03-04T07:06:07+02:00")).toEqual(new Date("2026-03-04T05:06:07Z"));
    for (const date of ["soon", 7, null, "", "2026"]) expect(await read(date)).toBeUndefined();
  });

  it.each<[string, unknown]>([
    ["data.user.uuid_id", { ...USER, uuid_id: undefined }],
    ["data.user.uuid_id", { ...USER, uuid_id: 7 }],
    ["data.user.uuid_id", { ...USER, uuid_id: OTHER }],
    ["data.user.merchants", { ...USER, merchants: null }],
    ["data.user.merchants", { ...USER, merchants: {} }],
    ["data.user.merchants[0].merchant_id", { ...USER, merchants: [null] }],
    ["data.user.merchants[0].merchant_id", { ...USER, merchants: [{ merchant_id: 2 ** 60 }] }],
    ["data.user.partner_status_tiers", { ...USER, partner_status_tiers: "none" }],
    ["data.user.partner_status_tiers[0].partner_id", { ...USER, partner_status_tiers: [{}] }],
    ["data.user", null],
    ["data.user", [USER]],
  ])(
    "the error of getUser for a malformed answer names the field %s, and quotes nothing of the answer",
    async (field, user) => {
      const error = await failureOf(userOf(user));
      expect([error.code, error.retryable]).toEqual(["api_malformed", false]);
      expect(error.message).toContain(`${field} `);
      expect(inspect(error, { depth: 9 })).not.toMatch(/canary|Ada/i);
    },
  );
});

describe("getTransaction", () => {
  it("getTransaction returns the transaction in camelCase, with names for type and status", async () => {
    expect(await transactionOf(TRANSACTION)).toStrictEqual({
      userUuid: UUID,
      partnershipUuid: OTHER,
      triggerEventUuid: OTHER,
      rewardAmount: 1000,
      type: "redeem",
      status: "completed",
      createdAt: new Date("2026-03-04T05:06:07Z"),
    });
    expect(await transactionOf({})).toStrictEqual({ type: "unknown", status: "unknown" });
  });

  it.each([
    [1, "initiated"],
    [2, "pending"],
    [3, "completed"],
    [4, "error"],
    [5, "reversed"],
    [6, "failed"],
    [7, "cancelled"],
    [0, "unknown"],
    [8, "unknown"],
    ["3", "unknown"],
    ["constructor", "unknown"],
    [[3], "unknown"],
    [true, "unknown"],
  ])("getTransaction reads transaction_status %j as %s", async (transaction_status, status) => {
    // The older field has another value, and is ignored.
    expect((await transactionOf({ transaction_status, status: 2 })).status).toBe(status);
  });

  it.each([
    [1, "pending"],
    [2, "completed"],
    [3, "failed"],
    [4, "unknown"],
    [null, "unknown"],
  ])("getTransaction reads the older field status with the value %j as %s", async (old, status) => {
    expect((await transactionOf({ status: old })).status).toBe(status);
    expect((await transactionOf({ transaction_status: null, status: old })).status).toBe(status);
  });

  it.each([
    [1, "earn"],
    [2, "redeem"],
    [3, "unknown"],
    [null, "unknown"],
  ])("getTransaction reads transaction_type %j as %s", async (transaction_type, type) => {
    expect((await transactionOf({ transaction_type })).type).toBe(type);
  });
});

describe("getPartnership", () => {
  it("getPartnership returns the partnership in camelCase", async () => {
    expect(await partnershipOf(PARTNERSHIP)).toStrictEqual({
      uuid: UUID,
      name: "Corner Coffee",
      merchantId: "12",
      partnerId: "5",
      isActive: true,
    });
    expect((await partnershipOf({ uuid_id: UUID, is_active: false })).isActive).toBe(false);
    expect(await partnershipOf({ uuid_id: UUID, is_active: "yes" })).toStrictEqual({ uuid: UUID });
  });

  it("getPartnership fails as api_malformed if the answer has another uuid than the requested one", async () => {
    const error = await failureOf(partnershipOf({ ...PARTNERSHIP, uuid_id: OTHER }));
    expect([error.code, error.message]).toEqual([
      "api_malformed",
      expect.stringContaining("data.partnership.uuid_id "),
    ]);
  });
});

describe.each(CALLS)("%s", (method, path) => {
  it.each([
    ["a numeric id", "7021"],
    ["a number", 7021],
    ["undefined", undefined],
    ["an empty id", ""],
    ["a path", `../${UUID}`],
    ["slashes", "a/b"],
    ["dots", ".."],
    ["a space in front of the uuid", ` ${UUID}`],
    ["a line break behind the uuid", `${UUID}\n`],
    ["a control character", UUID.replace("0", "\0")],
    ["a query behind the uuid", `${UUID}?a=1`],
    ["a list", [UUID]],
    ["an object that reads like an id", { toString: () => UUID }],
  ])("a look-up with %s as uuid sends no request", async (_, id) => {
    const { client, asked } = clientOf(() => okAnswer());
    const error = await failureOf(client[method](id as string));
    expect(error.code).toBe("invalid_request");
    expect(error.message).toContain("UUID");
    expect(asked).toEqual([]);
  });

  it.each([
    ["user_does_not_exist", { error: "user_does_not_exist", message: KEY }],
    ["transaction_does_not_exist", { code: "transaction_does_not_exist", message: KEY }],
    [undefined, null],
  ])(
    "a look-up of an unknown entity fails as not_found with the benjiCode %s",
    async (benjiCode, answer) => {
      const { client, asked } = clientOf(() => Response.json(answer, { status: 404 }));
      const error = await failureOf(client[method](UUID));
      expect([error.code, error.httpStatus, error.benjiCode]).toEqual([
        "not_found",
        404,
        benjiCode,
      ]);
      expect(inspect(error)).not.toContain(KEY);
      expect(asked[0]?.request.url).toBe(`${URL_OF_BENJI}/${path}/${UUID}`);
    },
  );

  it.each([
    ["error", 400, "invalid_token"],
    ["code", 400, "invalid_token"],
    ["error", 401, "unauthorized_request"],
    ["code", 200, "invalid_token"],
    ["error", 200, "unauthorized_partner"],
  ])(
    "a look-up with a refused API key fails as api_rejected: field %s, HTTP %d, code %s",
    async (field, status, benjiCode) => {
      const { client } = clientOf(() =>
        Response.json({ [field]: benjiCode, message: KEY }, { status }),
      );
      const error = await failureOf(client[method](UUID));
      expect([error.code, error.benjiCode]).toEqual(["api_rejected", benjiCode]);
      expect(error.message).toContain("API key");
      expect(inspect(error)).not.toContain(KEY);
    },
  );

  it("the benjiCode of a refusal is its field code, or its field error if the field code is ok or not text", async () => {
    const codeOf = async (answer: object) =>
      (await failureOf(clientOf(() => Response.json(answer, { status: 400 })).client[method](UUID)))
        .benjiCode;
    expect(await codeOf({ code: "invalid_request", error: "other" })).toBe("invalid_request");
    expect(await codeOf({ code: "ok", error: "invalid_request" })).toBe("invalid_request");
    expect(await codeOf({ code: 7, error: "invalid_request" })).toBe("invalid_request");
  });

  it.each<[string, Answer, string]>([
    [
      "answers with 500",
      () => Response.json({ error: "unexpected_error" }, { status: 500 }),
      "api_failed",
    ],
    ["answers with HTML", () => html(200), "api_malformed"],
    ["breaks off", () => brokenBody(), "api_unreachable"],
    ["answers nothing", () => okAnswer({}), "api_malformed"],
    ["answers null", () => okAnswer(null), "api_malformed"],
  ])("a look-up fails with an error code if Benji %s", async (_, answer, code) => {
    expect((await failureOf(clientOf(answer).client[method](UUID))).code).toBe(code);
  });

  it("a look-up does not read an answer of 5 MB to its end, and the error names the limit", async () => {
    let chunks = 0;
    const endless = () =>
      new Response(
        new ReadableStream({
          pull: (controller) => {
            if (++chunks > 80) controller.close();
            else controller.enqueue(new Uint8Array(64 * 1024).fill(32));
          },
        }),
      );
    const error = await failureOf(clientOf(endless).client[method](UUID));
    expect([error.code, error.message]).toEqual([
      "api_malformed",
      expect.stringContaining("at most 1048576 bytes"),
    ]);
    expect(chunks).toBeLessThan(20);
  });

  it("a look-up fails as aborted if the signal of the caller is aborted", async () => {
    const { client } = clientOf(() => new Promise<Response>(() => {}));
    const { code } = await failureOf(client[method](UUID, { signal: AbortSignal.abort() }));
    expect(code).toBe("aborted");
  });
});

it("BENJI_PRODUCTION_URL and BENJI_STAGING_URL are the documented addresses", () => {
  expect(BENJI_STAGING_URL).toBe("https://api-staging.withbenji.com");
  expect(BENJI_PRODUCTION_URL).toBe("https://api.withbenji.com");
});
