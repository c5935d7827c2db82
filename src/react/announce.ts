let region: HTMLElement | undefined;
let speaker: object | undefined;

/** Selects modals. A screen reader reads only an open modal: the rest is inert or hidden. */
const MODAL = "dialog,[role=dialog],[role=alertdialog]";

/**
 * Announces a text to screen readers in one shared live region, inside the modal of the pressed
 * element if there is one. An empty text removes the region.
 */
export function announce(text: string, from: object, pressed: Element | null): void {
  // The region is shared: a start that ends must not remove the newer text of another start.
  if (!text) return void (speaker === from && region?.remove());
  const modal = pressed?.isConnected && pressed.closest(MODAL);
  const place = modal || document.body;
  region ??= createRegion();
  if (region.parentNode !== place) place.append(region);
  region.textContent = text;
  speaker = from;
}

function createRegion(): HTMLElement {
  const created = document.createElement("div");
  created.setAttribute("role", "status");
  // Set through CSSOM: a strict CSP refuses a style attribute.
  created.style.cssText =
    "position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap";
  // Back may restore the page with its last announcement, now out of date.
  window.addEventListener("pageshow", () => created.replaceChildren());
  return created;
}
