declare module "*.css"; // Next.js 15 and newer say so themselves
