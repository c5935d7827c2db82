import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

const fromHere = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** The demo imports the library by its name, as a partner would, and gets the sources of this clone. */
export default defineConfig({
  root: fromHere("."),
  plugins: [react()],
  resolve: { tsconfigPaths: true },
});
