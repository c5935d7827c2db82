import hydration from "../hydration.mjs";

export default async function more(setup) {
  await hydration(setup);
  await serverAction(setup);
}

/** A flow from a button in a server component, which gets its token from a server action. */
async function serverAction({ browser, finishAtBenji, url, is }) {
  const page = await browser.newPage();
  page.setDefaultTimeout(30_000);
  await page.goto(`${url}/other`);
  await page.getByRole("button", { name: "Connect rewards" }).click();
  await finishAtBenji(page, "error");
  await page.locator("[data-result]", { hasText: /^error$/ }).waitFor();
  const answer = await fetch(url).then((response) => response.text());
  is("what a server component got from /core", answer.includes("/cart?id=7#top"), true);
  await page.context().close();
}
