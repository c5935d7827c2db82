declare module "*.css"; // Next.js 15 and newer declare this themselves
