import { ProviderError, type ProviderFailure, RateLimitError } from "../../identity/index.ts";
import { StoreUnavailableError } from "../../store/retry.ts";
import type { LoginPage } from "./page.ts";

/**
 * What somebody reads whose sign-in did not work out.
 *
 * @param provider - what people know the identity provider by
 * @param again - the address that begins another sign-in
 */
export function problemPage(error: unknown, provider: string, again: string): LoginPage {
  const retry = { label: "Try again", href: again };
  const home = { label: "To the start page", href: "/" };
  if (error instanceof StoreUnavailableError) {
    const text = "asktell cannot reach its database at the moment. Nothing is lost; try again in a minute.";
    return { status: 503, title: "Not just now", text, links: [retry] };
  }
  if (error instanceof RateLimitError) {
    const text =
      "More sign-ins have come from your network's address than one minute allows. Try again in a minute.";
    return { status: 429, title: "Too many sign-ins", text, links: [retry] };
  }
  if (!(error instanceof ProviderError)) {
    const text =
      "asktell failed, and its log says why. You are not signed in. Tell whoever runs this server.";
    return { status: 500, title: "Something went wrong", text, links: [retry, home] };
  }
  const pages: Record<ProviderFailure, Omit<LoginPage, "links">> = {
    denied: {
      status: 403,
      title: "Sign-in cancelled",
      text: `${provider} did not let asktell know who you are, because you declined or it did. You are not signed in.`,
    },
    refused: {
      status: 400,
      title: "This sign-in cannot be used",
      text: "It is too old, was used before, or began in another browser. You are not signed in. A new one takes a moment.",
    },
    unreachable: {
      status: 503,
      title: `${provider} does not answer`,
      text:
        "asktell asks it who you are and got no answer. You are not signed in. Try again in a minute; " +
        "programs with tokens go on working meanwhile.",
    },
  };
  return { ...pages[error.failure], links: [retry, home] };
}
