/** True if vitest runs the story: only vitest can emulate preferences. */
export const isTest = import.meta.env.MODE === "test";

/**
 * Makes the browser report a member's preference, such as dark colours. Under Storybook nothing
 * happens: there, use "Rendering" in the browser's developer tools.
 *
 * @returns the function that ends the emulation
 */
export async function emulate(name: string, value: string): Promise<() => Promise<void>> {
  if (!isTest) return async () => {};
  const { cdp } = await import("vitest/browser");
  const prefer = (features: { name: string; value: string }[]) =>
    cdp().send("Emulation.setEmulatedMedia", { features });
  await prefer([{ name, value }]);
  return async () => void (await prefer([{ name, value: "" }]));
}
