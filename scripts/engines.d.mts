export const ENGINES: string[];
export function findFirefox(): string | undefined;
export function versionOf(path: string): string;
export function findWebKit():
  | { driver: string; browser: string; xvfb: string | undefined }
  | undefined;
