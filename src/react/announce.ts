let region: HTMLElement | undefined;
let speaker: object | undefined;

/** What an open modal leaves to a screen reader: the rest of the page is inert or hidden from it. */
const MODAL = "dialog,[role=dialog],[role=alertdialog]";

/** Says something to screen readers through the one polite live region, near the pressed element; nothing takes it away. */
export function announce(text: string, from: object, pressed: Element | null): void {
  // The region is shared: a start that ends must not take away what another has said since.
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
  // Back restores the page together with what was said when it was left.
  window.addEventListener("pageshow", () => created.replaceChildren());
  return created;
}
