import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

const port = Number(process.env["PORT"]);
const proxy = { "/api": process.env["BACKEND_URL"] ?? "http://127.0.0.1:4020" };

export default defineConfig({
  plugins: [react()],
  server: { port, strictPort: true, proxy },
  preview: { port, strictPort: true, proxy },
});
