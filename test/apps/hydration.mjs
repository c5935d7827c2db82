// For apps that render on the server: the browser first renders the same HTML as the server, and then
// shows the result in the element that the server has sent.

const RESULT = /<p data-result(?:="true")?>([^<]*)<\/p>/;

export default async function hydration({ browser, finishAtBenji, url, expected, is }) {
  const address = `${url}${expected.callback}&status=success&state=benji.of-somebody-else`;
  const html = await (await fetch(address)).text();
  is("the server's result", RESULT.exec(html)?.[1], "pending");

  const page = await browser.newPage();
  page.setDefaultTimeout(30_000);
  const complaints = [];
  page.on("pageerror", ({ message }) => complaints.push(message));
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) complaints.push(message.text());
  });
  await page.addInitScript(watch);
  await page.goto(url);
  await page.getByRole("button", { name: "Connect rewards" }).click();
  await finishAtBenji(page, "success");
  await page.locator("[data-result]", { hasText: /^success, cart 3$/ }).waitFor();
  const { texts, elements } = await page.evaluate(() => window.__hydration);
  is("what the result's element has said", texts, ["pending", "success, cart 3"]);
  is("elements that have shown the result", elements, 1);
  is("complaints of the hydration", complaints, []);
  await page.context().close();
}

/** Runs in the page before its first element: records the result's texts. */
function watch() {
  const seen = (window.__hydration = { texts: [], elements: 0 });
  let last;
  new MutationObserver(() => {
    const element = document.querySelector("[data-result]");
    if (!element) return;
    if (element !== last) seen.elements++;
    if (element.textContent !== seen.texts.at(-1)) seen.texts.push(element.textContent);
    last = element;
  }).observe(document, { subtree: true, childList: true, characterData: true });
}
