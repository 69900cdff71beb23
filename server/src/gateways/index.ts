import type { Gateway } from "../http/router.ts";
import type { GatewayContext } from "./context.ts";
import { createHopaasGateway, hopaasTokenPaths } from "./hopaas/index.ts";
import { type OptunapiOptions, createOptunapiGateway } from "./optunapi/index.ts";

export interface GatewayOptions extends GatewayContext {
  /** Undefined: off. */
  readonly optunapi: OptunapiOptions | undefined;
}

export interface Gateways {
  readonly gateways: readonly Gateway[];
  /** Paths in which the next segment is a token. */
  readonly tokenPaths: readonly string[];
}

/** The ways in for clients that were written for other systems. */
export function createGateways({ optunapi, ...context }: GatewayOptions): Gateways {
  return {
    gateways: [
      createHopaasGateway(context),
      ...(optunapi === undefined ? [] : [createOptunapiGateway(context, optunapi)]),
    ],
    tokenPaths: hopaasTokenPaths,
  };
}
