import type { StoryContext } from "@storybook/react-vite";
import { expect, waitFor, within } from "storybook/test";
import type { BenjiConnectButtonProps } from "../src/index.js";

// What a member does with a button, and what she and a screen reader get from it.

/** The part of a play function's context that the functions below use. */
type Scene = Pick<
  StoryContext<Partial<BenjiConnectButtonProps>>,
  "args" | "canvasElement" | "userEvent"
>;
type Play = (scene: Scene) => Promise<void>;

export const buttonIn = (canvasElement: HTMLElement) => within(canvasElement).getByRole("button");

/** The one polite live region of the document. */
export const spoken = () => within(document.body).getByRole("status");

export const NEIGHBOUR = "The page goes on here";

/** The longest error's width: in less space it needs more lines than the one that is kept free. */
const WIDE = 700;

/** Returns the places of the button and its neighbour: a start or a failure must not move them. */
function placesIn(canvasElement: HTMLElement) {
  const neighbour = within(canvasElement).queryByText(NEIGHBOUR);
  const isWide = canvasElement.clientWidth >= WIDE;
  return [buttonIn(canvasElement), isWide ? neighbour : null].map(
    (element) => element?.getBoundingClientRect().toJSON() as DOMRect | undefined,
  );
}

export const isIdle =
  (name: string, mode = "connect"): Play =>
  async ({ canvasElement }) => {
    const button = buttonIn(canvasElement);
    await expect(button).toHaveAccessibleName(name);
    await expect(button).not.toHaveAccessibleDescription();
    await expect(button).toHaveAttribute("data-mode", mode);
    await expect(button).toHaveAttribute("data-status", "idle");
    await expect(button).toHaveAttribute("aria-busy", "false");
  };

/** She presses twice, as people do. The button keeps its name, its place and the focus. */
export const isConnecting =
  (name: string, says = "Connecting to Benji"): Play =>
  async ({ args, canvasElement, userEvent }) => {
    const button = buttonIn(canvasElement);
    const places = placesIn(canvasElement);
    await userEvent.dblClick(button);
    await expect(button).toHaveAttribute("data-status", "connecting");
    await expect(button).toHaveAttribute("aria-busy", "true");
    await expect(button).toHaveAccessibleName(name);
    await expect(button).toBeEnabled();
    await expect(button).toHaveFocus();
    await expect(spoken()).toHaveTextContent(says);
    await expect(placesIn(canvasElement)).toEqual(places);
    await expect(args.fetchConnectToken).toHaveBeenCalledOnce();
  };

/** She presses, and `navigate` is called. */
export const isRedirecting =
  (name: string, says = "Taking you to Benji"): Play =>
  async ({ args, canvasElement, userEvent }) => {
    const button = buttonIn(canvasElement);
    const places = placesIn(canvasElement);
    await userEvent.click(button);
    await waitFor(() => expect(button).toHaveAttribute("data-status", "redirecting"));
    await expect(button).toHaveAttribute("aria-busy", "true");
    await expect(button).toHaveAccessibleName(name);
    await expect(button).toHaveFocus();
    await expect(spoken()).toHaveTextContent(says);
    await expect(placesIn(canvasElement)).toEqual(places);
    await expect(args.navigate).toHaveBeenCalledOnce();
    await expect(args.navigate).toHaveBeenCalledWith(
      expect.stringMatching(/^https:\/\/connect\.withbenji\.com\/khkgfoud76td\?connect_token=/),
    );
  };

/** She presses; the error is shown, and the live region has it too. */
export const isFailed =
  (name: string, code: string, says: string): Play =>
  async ({ args, canvasElement, userEvent }) => {
    const button = buttonIn(canvasElement);
    const places = placesIn(canvasElement);
    await userEvent.click(button);
    await waitFor(() => expect(button).toHaveAttribute("data-status", "failed"));
    await expect(within(canvasElement).getByText(says)).toBeVisible();
    await expect(button).toHaveAccessibleName(name);
    await expect(button).toHaveAccessibleDescription(says);
    await expect(button).toHaveAttribute("aria-busy", "false");
    await expect(button).toHaveFocus();
    await expect(spoken()).toHaveTextContent(says);
    await expect(placesIn(canvasElement)).toEqual(places);
    await expect(args.onError).toHaveBeenCalledOnce();
    await expect(args.onError).toHaveBeenCalledWith(expect.objectContaining({ code }));
    await expect(args.navigate).not.toHaveBeenCalled();
  };
