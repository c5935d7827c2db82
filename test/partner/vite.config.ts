import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

const SLOW = { testTimeout: 60_000, hookTimeout: 60_000 };

export default defineConfig({
  plugins: [react()],
  test: {
    projects: [
      {
        extends: true,
        test: { name: "component", environment: "happy-dom", include: ["test/*.test.tsx"] },
      },
      {
        extends: true,
        test: { ...SLOW, name: "e2e", environment: "node", include: ["test/*.test.ts"] },
      },
    ],
  },
});
