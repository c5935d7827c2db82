/** What a user's ids are derived from. */
export interface UserName {
  readonly partnershipId: string | undefined;
  readonly userExternalId: string | undefined;
}

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Returns the same UUID for the same external id, and a new one where there is no external id. */
export async function userUuidOf({
  partnershipId = "",
  userExternalId,
}: UserName): Promise<string> {
  if (userExternalId === undefined) return crypto.randomUUID();
  return stableUuid("benji user", partnershipId, userExternalId);
}

/** Returns the UUID of a partnership: its id, if that is a UUID, or else one derived from the id. */
export async function partnershipUuidOf(partnershipId: string): Promise<string> {
  if (UUID.test(partnershipId)) return partnershipId.toLowerCase();
  return stableUuid("benji partnership", partnershipId);
}

/** Returns the same UUID for the same names (shaped like version 5). */
export async function stableUuid(...names: readonly string[]): Promise<string> {
  const bytes = new TextEncoder().encode(JSON.stringify(names));
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-1", bytes));
  const hex = toHex(digest.subarray(0, 16));
  return hex.replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12})$/, "$1-$2-5$3-a$4-$5");
}

/** Derives a number from a UUID, for fields where the documents show a number. */
export function numericIdOf(uuid: string): string {
  return String(1_000_000 + (Number.parseInt(uuid.slice(0, 8), 16) % 9_000_000));
}

export function toHex(bytes: Uint8Array): string {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
