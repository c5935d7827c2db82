import { fileURLToPath } from "node:url";
import type { Plugin, ViteDevServer } from "vite";
import type * as NodeHttp from "../demo/nodeHttp.js";
import type * as Server from "../src/server/index.js";

const MODES = ["connect", "transfer", "redeem"] as const;

/** Adds a token route to Storybook's own server. */
export const tokenRoute = (sandboxUrl: string): Plugin => ({
  name: "benji-token-route",
  apply: "serve",
  async configureServer(server) {
    const { createConnectTokenHandler } = await load<typeof Server>(server, "src/server/index.ts");
    const { sendResponse, toRequest } = await load<typeof NodeHttp>(server, "demo/nodeHttp.ts");
    const answer = createConnectTokenHandler({
      apiKey: "sandbox-api-key",
      baseUrl: sandboxUrl,
      getUser: () => ({ id: "storybook-member" }),
      createRequest: ({ user, body }) => {
        const mode = MODES.find((known) => known === body["mode"]) ?? "connect";
        return { partnershipId: 49, displayName: "Storybook", mode, userExternalId: user.id };
      },
    });
    server.middlewares.use("/api/benji/connect-token", async (incoming, outgoing) => {
      const origin = `http://${incoming.headers.host ?? "localhost"}`;
      await sendResponse(await answer(toRequest(incoming, origin)), outgoing);
    });
  },
});

// Vite compiles the TypeScript and resolves "react-benji-connect" to this clone's sources.
const load = async <T>(server: ViteDevServer, file: string) =>
  (await server.ssrLoadModule(fileURLToPath(new URL(`../${file}`, import.meta.url)))) as T;
