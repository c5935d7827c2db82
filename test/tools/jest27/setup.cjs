Object.assign(globalThis, { crypto: require("node:crypto").webcrypto });
