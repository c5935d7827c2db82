import type { Decorator } from "@storybook/react-vite";
import { type CSSProperties, type ReactNode, useEffect, useRef } from "react";
import styles from "../src/styles.css?inline";
import { NEIGHBOUR } from "./member.js";

/** Adds the stylesheet to this story alone: an import would style the bare stories too. */
export const dressed: Decorator = (Story) => (
  <>
    <style>{styles}</style>
    <Story />
  </>
);

/** Adds a text below the button, so that one sees whether it moves. */
export const withNeighbour: Decorator = (Story) => (
  <>
    <Story />
    <p style={{ marginBlock: "0.5rem 0" }}>{NEIGHBOUR}</p>
  </>
);

/** Presses the button on a docs page, where no play function runs. */
export const pressedInDocs: Decorator = (Story, { viewMode }) =>
  viewMode === "docs" ? (
    <PressesOnce>
      <Story />
    </PressesOnce>
  ) : (
    <Story />
  );

function PressesOnce({ children }: { children: ReactNode }) {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => place.current?.querySelector("button")?.click(), []);
  return <div ref={place}>{children}</div>;
}

export const within160px: Decorator = (Story) => (
  <div style={{ inlineSize: 160, outline: "1px dashed GrayText", outlineOffset: 4 }}>
    <Story />
  </div>
);

export const inLanguage =
  (lang: string, dir: "ltr" | "rtl" = "ltr"): Decorator =>
  (Story) => (
    <div lang={lang} dir={dir}>
      <Story />
    </div>
  );

const NIGHT: CSSProperties = {
  colorScheme: "dark",
  background: "#14141f",
  color: "#f4f4f5",
  padding: "1.5rem",
  borderRadius: 12,
};

export const atNight: Decorator = (Story) => (
  <div data-benji-theme="dark" style={NIGHT}>
    <Story />
  </div>
);

export const withVariables =
  (variables: Record<`--benji-${string}`, string | number>): Decorator =>
  (Story) => (
    <div style={variables as CSSProperties}>
      <Story />
    </div>
  );
