import type { ReactNode } from "react";

export function Frame({ children }: { children: ReactNode }) {
  return (
    <div className="frame">
      <header className="top">
        <a className="brand" href="/">
          <Cup /> Corner Coffee
        </a>
        <a className="cart" href="/checkout">
          Cart <span className="count">3</span>
        </a>
      </header>
      {children}
      <footer className="foot">
        A demo of <code>react-benji-connect</code>. The shop is invented, Benji is a local sandbox,
        and no points are moved.
      </footer>
    </div>
  );
}

const Cup = () => (
  <svg viewBox="0 0 32 32" aria-hidden="true">
    <rect width="32" height="32" rx="10" fill="currentColor" />
    <path
      d="M8 12h13v6a6 6 0 0 1-6 6h-1a6 6 0 0 1-6-6zM21 13h2a2.5 2.5 0 0 1 0 6h-2"
      fill="none"
      stroke="var(--card)"
      strokeWidth="2.2"
      strokeLinejoin="round"
    />
  </svg>
);
