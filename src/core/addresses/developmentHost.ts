/**
 * Whether developers use this host for plain http: this machine, a private network, or a name
 * outside public DNS.
 */
export const isDevelopmentHost = ({ hostname }: URL): boolean =>
  /^([^.[]+|.+\.(localhost|test|local|internal)|(10|127)(\.\d+){3}|(192\.168|169\.254|172\.(1[6-9]|2\d|3[01]))(\.\d+){2}|\[(::1|f([cd]\w|e[89ab])\w:.*)\])$/.test(
    hostname,
  );
