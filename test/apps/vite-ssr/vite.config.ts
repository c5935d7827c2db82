import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

export default defineConfig(({ isSsrBuild }) => ({
  plugins: [react()],
  appType: "custom",
  build: isSsrBuild ? {} : { manifest: true, rollupOptions: { input: "src/entry-client.tsx" } },
}));
