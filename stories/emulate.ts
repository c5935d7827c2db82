/** Whether the story is watched by vitest, which can make the browser pretend. */
export const isTest = import.meta.env.MODE === "test";

/**
 * Makes the browser prefer what a member may prefer. Under Storybook nothing happens: there, use
 * "Rendering" in the browser's developer tools.
 *
 * @returns how to stop
 */
export async function emulate(name: string, value: string): Promise<() => Promise<void>> {
  if (!isTest) return async () => {};
  const { cdp } = await import("vitest/browser");
  const prefer = (features: { name: string; value: string }[]) =>
    cdp().send("Emulation.setEmulatedMedia", { features });
  await prefer([{ name, value }]);
  return async () => void (await prefer([{ name, value: "" }]));
}
