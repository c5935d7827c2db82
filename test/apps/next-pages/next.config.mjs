process.env.NEXT_TELEMETRY_DISABLED = "1";

/** @type {import("next").NextConfig} */
export default {
  reactStrictMode: true,
  devIndicators: false, // their code warns if it runs before the router is ready
  // Otherwise Next.js looks for lock files in the folders above.
  turbopack: { root: import.meta.dirname },
};
