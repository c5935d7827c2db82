export const fetchConnectToken = "/api/benji/connect-token";
