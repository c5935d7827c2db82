// Runs scenario.mjs from a command line: in Node, Bun and Deno.
import { runScenario } from "./scenario.mjs";

const result = await runScenario(JSON.parse(process.argv[2]));
const serverFile = import.meta.resolve("react-benji-connect/server");
console.log(JSON.stringify({ ...result, serverFile }));
process.exit();
