interface NodeGlobal {
  process?: { env?: { NODE_ENV?: string } };
}

/** What a partner calls this environment; `undefined` on a runtime without environment variables. */
export const nodeEnv = (): string | undefined => (globalThis as NodeGlobal).process?.env?.NODE_ENV;
