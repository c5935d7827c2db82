let region: HTMLElement | undefined;

/** Says something to screen readers through the one polite live region of the document. */
export function announce(text: string): void {
  if (!region?.isConnected) region = createRegion();
  region.textContent = text;
}

function createRegion(): HTMLElement {
  const created = document.createElement("div");
  created.setAttribute("role", "status");
  // Set through CSSOM: a strict CSP refuses a style attribute.
  created.style.cssText =
    "position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap";
  // Back restores the page together with what was said when it was left.
  window.addEventListener("pageshow", () => created.replaceChildren());
  return document.body.appendChild(created);
}
