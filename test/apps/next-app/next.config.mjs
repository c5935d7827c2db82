process.env.NEXT_TELEMETRY_DISABLED = "1";

/** @type {import("next").NextConfig} */
export default {
  reactStrictMode: true,
  // This app ends here, whatever lock files lie above it.
  turbopack: { root: import.meta.dirname },
};
