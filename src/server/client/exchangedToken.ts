import { EXCHANGE } from "../../contract.js";
import { type BenjiData, malformed, requiredText } from "./benjiAnswer.js";
import { ownField } from "../jsonObject.js";

/** The result of a token exchange. Both tokens are server secrets. */
export interface ExchangedToken {
  /** Ids are text, so that no digit is lost. */
  userId: string;
  merchantId: string;
  accessToken: string;
  refreshToken: string;
  accessTokenExpiresAt: Date;
}

/** @throws BenjiApiError `api_malformed` */
export function readExchangedToken({ data, details }: BenjiData): ExchangedToken {
  const tokens = ownField(data, EXCHANGE.tokenData);
  const text = (name: string) => requiredText(tokens, name, details, `data.${EXCHANGE.tokenData}`);
  const id = (name: string) => {
    const value = ownField(data, name);
    if (typeof value === "string" && value !== "") return value;
    if (typeof value === "number" && Number.isSafeInteger(value)) return String(value);
    throw malformed(`data.${name} as text or an integer`, details);
  };
  const accessTokenExpiresAt = new Date(text(EXCHANGE.accessTokenExpiresAt));
  if (Number.isNaN(accessTokenExpiresAt.getTime())) {
    throw malformed(
      `data.${EXCHANGE.tokenData}.${EXCHANGE.accessTokenExpiresAt} as a date`,
      details,
    );
  }
  return {
    userId: id(EXCHANGE.userId),
    merchantId: id(EXCHANGE.merchantId),
    accessToken: text(EXCHANGE.accessToken),
    refreshToken: text(EXCHANGE.refreshToken),
    accessTokenExpiresAt,
  };
}
