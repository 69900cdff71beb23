import { createClient } from "@connectrpc/connect";
import { TokenService } from "@asktell/proto/asktell/v1/token_service_pb";
import { transport } from "./clients.ts";

/** Tokens, apart from the others: most pages do without. */
export const tokens = createClient(TokenService, transport);
