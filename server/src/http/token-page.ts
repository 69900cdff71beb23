import type { NodeRequest, NodeResponse } from "./node-types.ts";
import { sendText } from "./refusal.ts";

/** Explains to a person why an address with a token in it shows no data in a browser. */
export function sendTokenInUrlPage(req: NodeRequest, res: NodeResponse): void {
  sendText(
    req,
    res,
    400,
    "The address that you opened contains an API token.\n\n" +
      "Tokens in addresses are for programs that cannot send a header. A browser keeps them in its history, so\n" +
      "this server shows nothing here. Open the dashboard without the token, and consider revoking this one.\n",
  );
}
