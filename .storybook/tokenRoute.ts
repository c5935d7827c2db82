import { fileURLToPath } from "node:url";
import type { Plugin, ViteDevServer } from "vite";
import type * as Backend from "../demo/backend.js";
import type * as NodeHttp from "../demo/nodeHttp.js";

/** The demo shop's token route, on Storybook's own server. */
export const tokenRoute = (sandboxUrl: string): Plugin => ({
  name: "benji-token-route",
  apply: "serve",
  async configureServer(server) {
    const { createTokenRoute, TOKEN_ROUTE } = await load<typeof Backend>(server, "backend");
    const { sendResponse, toRequest } = await load<typeof NodeHttp>(server, "nodeHttp");
    const answer = createTokenRoute({ apiKey: "sandbox-api-key", baseUrl: sandboxUrl });
    server.middlewares.use(TOKEN_ROUTE, async (incoming, outgoing) => {
      const origin = `http://${incoming.headers.host ?? "localhost"}`;
      await sendResponse(await answer(toRequest(incoming, origin)), outgoing);
    });
  },
});

// Through Vite, which knows how to read TypeScript and what "react-benji-connect" means here.
const load = async <T>(server: ViteDevServer, name: string) =>
  (await server.ssrLoadModule(fileURLToPath(new URL(`../demo/${name}.ts`, import.meta.url)))) as T;
