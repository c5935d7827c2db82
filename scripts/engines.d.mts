export const ENGINES: string[];
export function findFirefox(): string | undefined;
export function findWebKit():
  | { driver: string; browser: string; xvfb: string | undefined }
  | undefined;
