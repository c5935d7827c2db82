import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

const port = Number(process.env["PORT"] ?? 5173);
const proxy = { "/api": process.env["BACKEND_URL"] ?? "http://localhost:3000" };

export default defineConfig({
  plugins: [react()],
  server: { port, strictPort: true, proxy },
  preview: { port, strictPort: true, proxy },
});
