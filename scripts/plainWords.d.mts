export function plainWordFaults(text: string): string[];
