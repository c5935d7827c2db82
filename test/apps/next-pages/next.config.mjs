process.env.NEXT_TELEMETRY_DISABLED = "1";

/** @type {import("next").NextConfig} */
export default {
  reactStrictMode: true,
  devIndicators: false, // its code may run before the router is ready, and warns
  // This app ends here, whatever lock files lie above it.
  turbopack: { root: import.meta.dirname },
};
