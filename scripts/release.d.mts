export function refusal(
  manifest: { version: string; repository?: string | { url?: string } },
  env: NodeJS.ProcessEnv,
): string | undefined;
