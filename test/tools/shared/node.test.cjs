/** @jest-environment node */
const { listenSandbox } = require("react-benji-connect/sandbox");
const { createBenjiClient } = require("react-benji-connect/server");

it("the client gets a token from a sandbox that listens", async () => {
  const { url, close } = await listenSandbox({ port: 0 });
  try {
    const client = createBenjiClient({ apiKey: "sandbox-api-key", baseUrl: url });
    const { token } = await client.createConnectToken({ partnershipId: 49, mode: "connect" });
    expect(token).toBeTruthy();
  } finally {
    await close();
  }
});
