/** The page to which `returnTo` leads after the callback. */
export function CheckoutPage() {
  return (
    <main className="narrow card">
      <h1>Checkout</h1>
      <dl className="rows">
        <Line name="Flat white" price="4.20" />
        <Line name="Cinnamon bun" price="3.80" />
        <Line name="Beans, 250 g" price="9.50" />
        <Line name="Total" price="17.50" />
      </dl>
      <p className="note">
        Nothing is paid here. Whether points have arrived, a shop learns from its server, not from
        the address that brought you here.
      </p>
      <p className="links">
        <a href="/">Back to the shop</a>
      </p>
    </main>
  );
}

const Line = ({ name, price }: { name: string; price: string }) => (
  <div>
    <dt>{name}</dt>
    <dd>{price}</dd>
  </div>
);
