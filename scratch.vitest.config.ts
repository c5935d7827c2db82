import { defineConfig, mergeConfig } from "vitest/config";
import base from "./vite.config.js";
export default mergeConfig(base, defineConfig({ cacheDir: "/tmp/wt-sb-cache", server: { fs: { strict: false } } }));
