import { expectTypeOf, it } from "vitest";
import type { ConnectOptions } from "../../src/core/options.js";
import { type READER_TYPES, type START_TYPES } from "../../src/core/optionTypes.js";
import type { HostedConnectParams } from "../../src/core/out/buildHostedConnectUrl.js";
import type { ReaderOptions } from "../../src/core/returnReader.js";

it("every option of a start and of a reader is in the table of types that is checked at run time (T29)", () => {
  expectTypeOf<keyof typeof START_TYPES>().toEqualTypeOf<
    Exclude<keyof (ConnectOptions & HostedConnectParams), "appState" | "connectToken" | "state">
  >();
  expectTypeOf<keyof typeof READER_TYPES>().toEqualTypeOf<
    Exclude<keyof ReaderOptions, "onEvent">
  >();
});
