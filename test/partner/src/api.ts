export const fetchConnectToken = "/api/benji/connect-token";

export const confirm = "/api/benji/confirm";
