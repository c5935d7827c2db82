/** Stands for the shop's sign-in: everybody is one member, unless a cookie names another. */
export function readSession({ headers }: Request): { id: string } | null {
  const [, id] = /(?:^|; )member=([\w-]*)/.exec(headers.get("cookie") ?? "") ?? [];
  if (id === "") return null; // signed out
  return { id: id ?? "corner-coffee-member-7" };
}
