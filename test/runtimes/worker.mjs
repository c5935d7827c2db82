// Runs scenario.mjs as a Worker in workerd.
import { runScenario } from "./scenario.mjs";

export default {
  fetch: async (request) => Response.json(await runScenario(await request.json())),
};
