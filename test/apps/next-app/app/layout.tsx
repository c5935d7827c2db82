import type { ReactNode } from "react";
import "react-benji-connect/styles.css";

export const metadata = { title: "Next.js, App Router", icons: { icon: "data:," } };

export default function Layout({ children }: { children: ReactNode }) {
  return (
    <html lang="en">
      <body>{children}</body>
    </html>
  );
}
