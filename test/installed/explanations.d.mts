export const explainingSources: readonly string[];
export const explanations: readonly string[];
export function explanationsIn(bundle: string): string[];
