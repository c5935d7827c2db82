export { createSandbox } from "./sandbox.js";
export type { Sandbox, SandboxOptions, SandboxRequest } from "./sandbox.js";
export type { SandboxScenario } from "./scenarios.js";
export { listenSandbox } from "./listen.js";
export type { ListeningSandbox, ListenSandboxOptions } from "./listen.js";
