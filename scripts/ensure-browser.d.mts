export const chromiumArgs: string[];
export function ensure(options?: { install?: boolean }): Promise<string>;
