interface NodeGlobal {
  process?: { env?: { NODE_ENV?: string } };
}

/** Returns `NODE_ENV`; `undefined` on a runtime without environment variables. */
export const nodeEnv = (): string | undefined => (globalThis as NodeGlobal).process?.env?.NODE_ENV;
