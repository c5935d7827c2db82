import { PARTNERSHIP, TRANSACTION, USER } from "../../contract.js";
import { isJsonObject, type JsonObject, ownField } from "../jsonObject.js";
import { type BenjiApiErrorDetails, invalidRequest } from "./apiError.js";
import { type BenjiData, malformed } from "./benjiAnswer.js";

/**
 * A member, as `GET /users/{uuid}` returns it. Ids are always text. Names, e-mail and phone number are
 * personal data.
 *
 * @see docs/contract.md, "Afterwards"
 */
export interface BenjiUser {
  uuid: string;
  /** Benji documents a number; here it is text. */
  id?: string;
  /** Absent where Benji sends `null`, as in its sample. */
  externalId?: string;
  createdAt?: Date;
  firstName?: string;
  lastName?: string;
  email?: string;
  phoneNumber?: string;
  /** The merchants that the member is linked to, as far as your key may see them. */
  merchants: BenjiMerchantRow[];
  /** The loyalty programmes that the member is linked to, as far as your key may see them. */
  partnerStatusTiers: BenjiPartnerStatusTier[];
}

/** A member at one merchant. */
export interface BenjiMerchantRow {
  merchantId: string;
  /** The member's id at that merchant. In the newest sample it equals the loyalty number. */
  externalId?: string;
  createdAt?: Date;
}

/** A member in one loyalty programme. */
export interface BenjiPartnerStatusTier {
  partnerId: string;
  /** The loyalty number. */
  externalId?: string;
  /** The balance, in points. */
  totalRewards?: number;
  createdAt?: Date;
}

/**
 * A transfer or redemption, as `GET /transactions/{uuid}` returns it. Benji's answer does not carry
 * the transaction's own UUID, so the answer cannot be compared with what was asked for.
 *
 * @see docs/contract.md, "Afterwards"
 */
export interface BenjiTransaction {
  userUuid?: string;
  partnershipUuid?: string;
  /** The return carries it as `trigger_event_id`. */
  triggerEventUuid?: string;
  /** In points; may differ from what your token asked for. */
  rewardAmount?: number;
  /** `"unknown"` for every number that Benji does not document. A transfer has no documented number. */
  type: "earn" | "redeem" | "unknown";
  /**
   * Read from `transaction_status`, or else from the older field `status`. Their numbers differ: 2 in
   * `status`, which Benji calls "confirmed", is `"completed"` here.
   */
  status:
    | "initiated"
    | "pending"
    | "completed"
    | "error"
    | "reversed"
    | "failed"
    | "cancelled"
    | "unknown";
  createdAt?: Date;
}

/**
 * A partnership, as `GET /partnerships/{uuid}` returns it. Its `merchantId` and `partnerId` tell which
 * rows in a user's `merchants` and `partnerStatusTiers` are yours.
 *
 * @see docs/contract.md, "Afterwards"
 */
export interface BenjiPartnership {
  uuid: string;
  name?: string;
  merchantId?: string;
  partnerId?: string;
  isActive?: boolean;
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** @throws BenjiApiError `invalid_request` for an id that is no UUID */
export function pathOf(path: string, uuid: unknown): string {
  if (typeof uuid === "string" && UUID.test(uuid)) return path + encodeURIComponent(uuid);
  const came = typeof uuid === "string" ? `text of ${uuid.length} characters` : typeof uuid;
  throw invalidRequest(
    `Expected the id as a UUID such as "3f0c7c5e-9b1d-4e6a-8f2b-0a58a9feac02", got ${came}. ` +
      "Benji documents no numeric ids here.",
  );
}

/** @throws BenjiApiError `api_malformed`, naming the field and never its value. */
export function readUser({ data, details }: BenjiData, asked: string): BenjiUser {
  const path = `data.${USER.data}`;
  const user = requiredObject(data, USER.data, details);
  return {
    uuid: sameUuid(user, USER.uuid, asked, { path, details }),
    ...defined({
      id: readId(user, USER.id),
      externalId: readId(user, USER.externalId),
      createdAt: readDate(user, USER.createdAt),
      firstName: readText(user, USER.firstName),
      lastName: readText(user, USER.lastName),
      email: readText(user, USER.email),
      phoneNumber: readText(user, USER.phoneNumber),
    }),
    merchants: readRows(user, USER.merchants, details, (row, rowPath) => ({
      merchantId: requiredId(row, USER.merchantId, { path: rowPath, details }),
      ...defined({
        externalId: readId(row, USER.externalId),
        createdAt: readDate(row, USER.createdAt),
      }),
    })),
    partnerStatusTiers: readRows(user, USER.partnerStatusTiers, details, (row, rowPath) => ({
      partnerId: requiredId(row, USER.partnerId, { path: rowPath, details }),
      ...defined({
        externalId: readId(row, USER.externalId),
        totalRewards: readNumber(row, USER.totalRewards),
        createdAt: readDate(row, USER.createdAt),
      }),
    })),
  };
}

/** @throws BenjiApiError `api_malformed` */
export function readTransaction({ data, details }: BenjiData): BenjiTransaction {
  const transaction = requiredObject(data, TRANSACTION.data, details);
  return {
    ...defined({
      userUuid: readText(transaction, TRANSACTION.userUuid),
      partnershipUuid: readText(transaction, TRANSACTION.partnershipUuid),
      triggerEventUuid: readText(transaction, TRANSACTION.triggerEventUuid),
      rewardAmount: readNumber(transaction, TRANSACTION.rewardAmount),
    }),
    type: nameFor(ownField(transaction, TRANSACTION.type), TRANSACTION.types),
    status: readStatus(transaction),
    ...defined({ createdAt: readDate(transaction, TRANSACTION.createdAt) }),
  };
}

/** @throws BenjiApiError `api_malformed` */
export function readPartnership({ data, details }: BenjiData, asked: string): BenjiPartnership {
  const path = `data.${PARTNERSHIP.data}`;
  const partnership = requiredObject(data, PARTNERSHIP.data, details);
  return {
    uuid: sameUuid(partnership, PARTNERSHIP.uuid, asked, { path, details }),
    ...defined({
      name: readText(partnership, PARTNERSHIP.name),
      merchantId: readId(partnership, PARTNERSHIP.merchantId),
      partnerId: readId(partnership, PARTNERSHIP.partnerId),
      isActive: readFlag(partnership, PARTNERSHIP.isActive),
    }),
  };
}

function readStatus(transaction: JsonObject): BenjiTransaction["status"] {
  const status = ownField(transaction, TRANSACTION.status) ?? undefined;
  if (status !== undefined) return nameFor(status, TRANSACTION.statuses);
  return nameFor(ownField(transaction, TRANSACTION.olderStatus), TRANSACTION.olderStatuses);
}

/** Returns the name of Benji's number; `"unknown"` for others, even a number as text. */
function nameFor<Name extends string>(
  value: unknown,
  names: Readonly<Record<number, Name>>,
): Name | "unknown" {
  return (typeof value === "number" && names[value]) || "unknown";
}

/** The path of a field in the answer, and the answer's details, for an error message. */
interface Place {
  path: string;
  details: BenjiApiErrorDetails;
}

function requiredObject(data: unknown, name: string, details: BenjiApiErrorDetails): JsonObject {
  const value = ownField(data, name);
  if (isJsonObject(value)) return value;
  throw malformed(`data.${name} as an object`, details);
}

/** Returns the UUID, which must be the requested one. */
function sameUuid(object: JsonObject, name: string, asked: string, at: Place): string {
  const uuid = ownField(object, name);
  if (typeof uuid === "string" && uuid.toLowerCase() === asked.toLowerCase()) return uuid;
  throw malformed(`${at.path}.${name} equal to the id that was asked for`, at.details);
}

function requiredId(row: unknown, name: string, { path, details }: Place): string {
  const id = readId(row, name);
  if (id !== undefined) return id;
  throw malformed(`${path}.${name} as text or an integer`, details);
}

function readRows<Row>(
  user: JsonObject,
  name: string,
  details: BenjiApiErrorDetails,
  readRow: (row: unknown, path: string) => Row,
): Row[] {
  const rows = ownField(user, name);
  const path = `data.${USER.data}.${name}`;
  // A missing list is not read as an empty one: an empty list means that the member is linked to
  // nothing.
  if (!Array.isArray(rows)) throw malformed(`${path} as a list`, details);
  return rows.map((row, index) => readRow(row, `${path}[${index}]`));
}

function readText(object: unknown, name: string): string | undefined {
  const text = ownField(object, name);
  return typeof text === "string" && text !== "" ? text : undefined;
}

/**
 * Reads text, or an integer as text. An integer above 2^53 - 1 has lost its last digits and would name
 * another entity.
 */
function readId(object: unknown, name: string): string | undefined {
  const id = ownField(object, name);
  return Number.isSafeInteger(id) ? String(id) : readText(object, name);
}

function readNumber(object: unknown, name: string): number | undefined {
  const number = ownField(object, name);
  return typeof number === "number" && Number.isFinite(number) ? number : undefined;
}

function readFlag(object: unknown, name: string): boolean | undefined {
  const flag = ownField(object, name);
  if (flag === true || flag === 1) return true;
  return flag === false || flag === 0 ? false : undefined;
}

const ISO_DATE = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d(?:\.\d+)?)(Z|[+-]\d\d:?\d\d)?$/;

/**
 * Reads a date with a time to the second, such as `2026-01-31T12:00:00Z`. Without an offset it is UTC,
 * not this server's local time.
 */
function readDate(object: unknown, name: string): Date | undefined {
  const [, day, time, offset = "Z"] = ISO_DATE.exec(readText(object, name) ?? "") ?? [];
  const date = new Date(`${day}T${time}${offset}`);
  return Number.isNaN(date.getTime()) ? undefined : date;
}

type Defined<T> = { [Key in keyof T]?: Exclude<T[Key], undefined> };

/** Removes undefined fields, as `exactOptionalPropertyTypes` requires. */
const defined = <T extends object>(fields: T): Defined<T> =>
  Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined),
  ) as Defined<T>;
