import { describe, expect, it } from "vitest";
import { buildHostedConnectUrl, createConnectFlow, parseRedirect } from "../../src/core/index.js";
import { createSandbox } from "../../src/sandbox/index.js";
import { type ConnectTokenInput, createBenjiClient } from "../../src/server/index.js";
import documents from "./create-connect-token.json" with { type: "json" };
import { openTab } from "./openTab.js";

const { answer, requests } = documents;
const { token, connect_url: connectUrl } = answer.data;

/** A partner's input for each of the documents' four requests. */
const INPUTS: ConnectTokenInput[] = [
  { partnershipId: 49, mode: "connect", displayName: "Reward Cookies" },
  { partnershipId: 49, mode: 1, displayName: "Reward Cookies", userExternalId: "user-1234" },
  {
    partnershipId: 49,
    mode: "transfer",
    displayName: "Reward Cookies",
    actions: [{ mode: "transfer", amount: 1000, allowsEditing: true }],
  },
  { partnershipId: 49, mode: "redeem", displayName: "Reward Cookies" },
];

const EXAMPLES = requests.map((body, index) => ({ example: index + 1, body, index }));

describe("the documents' example requests", () => {
  it.each(EXAMPLES)(
    "createConnectToken sends exactly the documented example request number $example",
    async ({ body, index }) => {
      const sent: Request[] = [];
      const benji = createBenjiClient({
        apiKey: "<api-key>",
        baseUrl: "https://api-staging.withbenji.com",
        fetch: (url, init) => {
          sent.push(new Request(url, init));
          return Response.json(answer);
        },
      });
      await benji.createConnectToken(INPUTS[index]!);
      expect(sent).toHaveLength(1);
      expect(sent[0]!.method).toBe("POST");
      expect(sent[0]!.url).toBe("https://api-staging.withbenji.com/auth/connect");
      expect(sent[0]!.headers.get("content-type")).toBe("application/json");
      expect(sent[0]!.headers.get("x-api-key")).toBe("<api-key>");
      expect(await sent[0]!.json()).toEqual(body);
    },
  );

  it.each(EXAMPLES)(
    "the sandbox accepts the documented example request number $example and answers in the documented shape",
    async ({ body }) => {
      const response = await createSandbox().fetch("http://127.0.0.1:4010/auth/connect", {
        method: "POST",
        headers: { "Content-Type": "application/json", "x-api-key": "sandbox-api-key" },
        body: JSON.stringify(body),
      });
      expect(response.status).toBe(200);
      const sandboxAnswer = (await response.json()) as typeof answer;
      expect(sandboxAnswer.code).toBe(answer.code);
      expect(Object.keys(sandboxAnswer.data)).toEqual(Object.keys(answer.data));
      expect(sandboxAnswer.data.token).toMatch(/^[0-9a-f-]{36}$/);
      expect(new URL(sandboxAnswer.data.connect_url).origin).toBe("http://127.0.0.1:4010");
    },
  );
});

describe("the documents' example answer", () => {
  it("createConnectToken reads the token and the connect URL from the documented answer", async () => {
    const options = {
      apiKey: "k",
      baseUrl: "https://api-staging.withbenji.com",
      fetch: () => Response.json(answer),
    };
    expect(await createBenjiClient(options).createConnectToken(INPUTS[0]!)).toEqual({
      token,
      connectUrl,
    });
  });

  it.each([
    ["a Response", () => Response.json(answer)],
    ["Benji's envelope", () => answer],
    ["{ token, connect_url }", () => answer.data],
    ["{ token, connectUrl }", () => ({ token, connectUrl })],
  ])(
    "the documented answer starts a flow when fetchConnectToken returns it as %s",
    async (_, fetchConnectToken) => {
      const tab = openTab("https://shop.example/rewards");
      const flow = createConnectFlow({ ...tab.ports, fetchConnectToken });
      expect(await flow.connect()).toEqual({ status: "redirecting" });
      const { origin, pathname, searchParams } = new URL(tab.address);
      expect(origin + pathname).toBe(connectUrl);
      expect([...searchParams.keys()]).toEqual(["connect_token", "state"]);
      expect(searchParams.get("connect_token")).toBe(token);
    },
  );

  it("buildHostedConnectUrl makes the documented address: <connect_url>?connect_token=<token>", () => {
    expect(buildHostedConnectUrl(connectUrl, { connectToken: token })).toBe(
      `${connectUrl}?connect_token=${token}`,
    );
  });
});

describe("the documents' redirect table", () => {
  it("parseRedirect reads every documented redirect parameter", () => {
    const query =
      "status=success&state=benji.s&benji_user_uuid=u&benji_user_id=42&trigger_event_id=t&not_in_the_table=1";
    expect(parseRedirect(`https://shop.example/back?${query}`)).toEqual({
      status: "success",
      state: "benji.s",
      benjiUserUuid: "u",
      benjiUserId: "42",
      triggerEventId: "t",
    });
  });
});
