// Runs the scenario as a Worker.
import { runScenario } from "./scenario.mjs";

export default {
  fetch: async (request) => Response.json(await runScenario(await request.json())),
};
