// The tests of docs/testing.md, for every test runner.
module.exports = function spec({ react, rtl, benji, testing }, { it, expect, afterEach }) {
  const h = react.createElement;
  afterEach(() => rtl.cleanup());

  it("takes the member to Benji", async () => {
    const navigate = testing.memoryNavigate();
    rtl.render(h(testing.BenjiTestProvider, { navigate }, h(benji.BenjiConnectButton)));
    rtl.fireEvent.click(rtl.screen.getByRole("button", { name: "Connect rewards" }));
    await rtl.waitFor(() => expect(navigate.addresses).toHaveLength(1));
    expect(new URL(navigate.addresses[0]).host).toBe("connect.withbenji.com");
  });

  it("goes on with the cart", async () => {
    const storage = testing.memoryStorage();
    const state = await testing.startedFlow({ storage, appState: { cart: 3 } });
    const address = testing.returnUrl({ status: "success", state, benjiUserId: "42" });
    window.history.pushState(null, "", address);
    const Callback = () => {
      const result = benji.useBenjiRedirectResult();
      return h(
        "p",
        null,
        result.status === "success" ? `Cart ${result.appState.cart}` : result.status,
      );
    };
    rtl.render(h(testing.BenjiTestProvider, { storage }, h(Callback)));
    rtl.screen.getByText("Cart 3");
  });

  it("the page has no live region from the earlier tests", async () => {
    await Promise.resolve();
    expect(document.querySelector("[role=status]")).toBeNull();
  });
};
