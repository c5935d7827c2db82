export { default } from "../hydration.mjs";
