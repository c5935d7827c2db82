export { createSandbox } from "./sandbox.js";
export type { Sandbox, SandboxExchange, SandboxOptions, SandboxRequest } from "./sandbox.js";
export type { SandboxScenario } from "./scenarios.js";
export type { SandboxWebhook, SandboxWebhookOptions } from "./webhooks/outbox.js";
export type { SandboxEvent } from "./webhooks/webhooks.js";
export { listenSandbox } from "./listen.js";
export type { ListeningSandbox, ListenSandboxOptions } from "./listen.js";
