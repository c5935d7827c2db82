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
  Object.assign(created.style, {
    position: "absolute",
    inlineSize: "1px",
    blockSize: "1px",
    overflow: "hidden",
    clipPath: "inset(50%)",
    whiteSpace: "nowrap",
  });
  // Back restores the page together with what was said when it was left.
  window.addEventListener("pageshow", () => created.replaceChildren());
  return document.body.appendChild(created);
}
