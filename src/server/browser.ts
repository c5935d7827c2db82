// What a browser's bundle finds in place of the server: no exports, so that the build fails where the
// API key would have gone along.
export {};
